const GLIDE = 180; // milliseconds

/**
 * Styles of an element that change with each move of a pointer, as an animation that stands still.
 *
 * In its `style` attribute each change would have all `:has()` rules of Odoo's style sheets looked at again, for every
 * element of the page: with 200 cards that is several frames.
 */
export class LiveStyle {
    /** @param {{ el: HTMLElement }} ref */
    constructor(ref) {
        this.ref = ref;
    }

    /**
     * @param {Object} style
     * @param {{ glide?: boolean }} [options] glide: not at once
     */
    set(style, { glide = false } = {}) {
        const { el } = this.ref;
        if (!glide && this.el === el && this.still) {
            this.animation.effect.setKeyframes([style, style]);
        } else {
            const from = this.el === el ? this.style : style;
            const animation = el.animate([from, style], {
                duration: glide ? GLIDE : 1,
                easing: "ease-out",
                fill: "both",
            });
            if (!glide) {
                animation.finish();
            }
            this.animation?.cancel();
            this.animation = animation;
        }
        Object.assign(this, { el, style, still: !glide });
    }

    /** No more gliding: what is seen is where it is. */
    settle() {
        this.animation?.finish();
    }
}
