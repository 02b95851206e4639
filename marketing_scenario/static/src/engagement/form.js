/* Public form: comfort only, the form works without it. */
(function () {
    "use strict";
    const form = document.querySelector(".ms-form");
    if (form) {
        // A browser may fill the form by itself within a second: that somebody is there is shown by a real key or pointer.
        for (const kind of ["pointerdown", "keydown"]) {
            window.addEventListener(
                kind,
                (event) => {
                    form.elements.namedItem("touched").value ||= event.isTrusted ? "1" : "";
                },
                { capture: true, passive: true },
            );
        }
        form.addEventListener("submit", () => {
            // After the browser has collected the values, so that a second click sends nothing.
            setTimeout(() => form.querySelectorAll("button").forEach((button) => (button.disabled = true)));
        });
        // Back button: the page comes from the browser's memory with its button still disabled.
        window.addEventListener("pageshow", (event) => {
            if (event.persisted) {
                window.location.reload();
            }
        });
    }
    const wrong = document.querySelector("[aria-invalid='true']") || document.querySelector(".ms-alert[tabindex]");
    if (wrong) {
        wrong.focus();
    }
    if (window.parent !== window && document.body.classList.contains("ms-embed")) {
        const tell = (message) =>
            window.parent.postMessage({ marketingForm: window.location.pathname, ...message }, "*");
        const tellHeight = () => tell({ height: Math.ceil(document.documentElement.getBoundingClientRect().height) });
        new ResizeObserver(tellHeight).observe(document.documentElement);
        tellHeight();
        if (document.body.dataset.redirect) {
            tell({ done: true });
        }
    }
})();
