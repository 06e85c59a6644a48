"""Renderings of a document. Each lays out words and numbers that are already formatted."""
