// What the canvas uses of D3, as "python3 dev bundle" puts it into static/lib/d3/d3.js.
export { hierarchy, tree } from "d3-hierarchy";
export { select } from "d3-selection";
export { zoom, zoomIdentity, zoomTransform } from "d3-zoom";
