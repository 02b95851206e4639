import { useEffect, useEnv, useExternalListener } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";

const OVER = "marketing_scenario_over"; // in the history: something lies over the page

/**
 * The "back" of a phone closes what lies over the page, before it leaves the page.
 *
 * @param {() => boolean} isOver whether something does
 * @param {() => Promise | undefined} close the last of it; may be refused
 */
export function useBack(isOver, close) {
    const env = useEnv();
    const { history } = browser;
    let isOurs = false; // the step back is our own
    const note = () => history.pushState({ ...history.state, [OVER]: true }, "");
    useEffect(
        (over) => {
            if (over && env.isSmall && !history.state?.[OVER]) {
                note();
            } else if (!over && history.state?.[OVER]) {
                isOurs = true;
                history.back();
            }
        },
        () => [isOver()],
    );
    const onBack = async (ev) => {
        const isOurOwn = isOurs;
        isOurs = false;
        if (!isOurOwn && (!env.isSmall || !isOver())) {
            return;
        }
        ev.stopImmediatePropagation(); // the page stays
        if (!isOurOwn) {
            await close();
            if (isOver()) {
                note();
            }
        }
    };
    useExternalListener(window, "popstate", onBack, { capture: true });
}
