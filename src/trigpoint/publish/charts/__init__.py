"""Our own small SVG: control charts, sparklines and icons, drawn on the server as text."""
