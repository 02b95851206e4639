const NOTCH = 50; // pixels: a notch of a wheel scrolls more, fingers on a pad scroll less at a time

/**
 * What turning the wheel means: a mouse and a pinch zoom, two fingers on a pad move.
 *
 * @returns {"zoom" | "move"}
 */
export function wheelIntent({ deltaX, deltaY, deltaMode, ctrlKey, shiftKey }) {
    if (ctrlKey) {
        return "zoom";
    }
    if (shiftKey) {
        return "move";
    }
    return deltaMode || (!deltaX && Math.abs(deltaY) >= NOTCH) ? "zoom" : "move";
}
