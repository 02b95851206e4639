import { makeDraggableHook } from "@web/core/utils/draggable_hook_builder_owl";

const at = ({ ctx }) => ({ element: ctx.current.element, x: ctx.pointer.x, y: ctx.pointer.y });

/** Odoo's drag gestures for a plane that is zoomed: the element stays where it is, the canvas draws what is carried. */
export const useCanvasDrag = makeDraggableHook({
    name: "useCanvasDrag",
    onComputeParams: ({ ctx }) => {
        ctx.followCursor = false;
        ctx.edgeScrolling = { enabled: false };
        ctx.touchDelay = 300;
        ctx.tolerance = 6;
    },
    onWillStartDrag: at,
    onDragStart: at,
    onDrag: at,
    onDragEnd: at,
    onDrop: at,
});
