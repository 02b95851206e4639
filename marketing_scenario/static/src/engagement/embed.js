/* Body of the script embed. `settings` = {url, title, redirect} comes from the server. */
/* global settings */
const script = document.currentScript;
const base = new URL(script.src).origin;
const query = new URLSearchParams({ embed: "1", page_url: window.location.href, referrer: document.referrer });
for (const [name, value] of new URLSearchParams(window.location.search)) {
    if (name.startsWith("utm_")) {
        query.set(name, value);
    }
}
const frame = document.createElement("iframe");
frame.src = base + settings.url + "?" + query;
frame.title = settings.title;
frame.style.cssText = "width:100%;height:480px;border:0;display:block";
window.addEventListener("message", (event) => {
    if (event.source !== frame.contentWindow || event.origin !== base || !event.data || !event.data.marketingForm) {
        return;
    }
    if (event.data.height > 0) {
        frame.style.height = Math.min(event.data.height, 10000) + "px";
    }
    if (event.data.done && settings.redirect) {
        window.location.assign(settings.redirect);
    }
});
script.insertAdjacentElement("afterend", frame);
