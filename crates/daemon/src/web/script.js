// Colours, live updates, and the table's links without a new page. Everything works without it.
"use strict";

const root = document.documentElement;
const kept = (() => { try { return localStorage.getItem("theme"); } catch { return null; } })();
if (kept === "dark" || kept === "light") root.dataset.theme = kept;

addEventListener("DOMContentLoaded", () => {
  theme();
  live();
});

function theme() {
  const button = document.getElementById("theme");
  const isDark = () => (root.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  const name = () => { button.textContent = isDark() ? "Light" : "Dark"; };
  button.hidden = false;
  name();
  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    try { localStorage.setItem("theme", root.dataset.theme); } catch { /* not kept, then */ }
    name();
  });
}

function live() {
  const parts = document.querySelectorAll("[data-live]");
  if (parts.length === 0 || !window.EventSource) return;
  const mark = document.getElementById("live");
  let stream;

  const form = document.querySelector("form.filter");
  const listen = () => {
    // Links and the way back change what the form stands for.
    const query = new URLSearchParams(location.search);
    for (const field of form.querySelectorAll("[name]")) field.value = query.get(field.name) ?? "";
    if (stream) stream.close();
    stream = new EventSource("/events" + location.search);
    stream.onopen = () => { mark.textContent = "· live"; };
    stream.onerror = () => { mark.textContent = "· not connected, trying again"; };
    for (const part of parts) {
      stream.addEventListener(part.id, (event) => {
        // What somebody is about to copy is left alone, and the keyboard keeps its place.
        if (String(getSelection()) && part.contains(getSelection().anchorNode)) return;
        const left = part.querySelector(".scroll")?.scrollLeft;
        const place = part.contains(document.activeElement) ? selector(document.activeElement) : null;
        part.innerHTML = event.data;
        if (left) part.querySelector(".scroll").scrollLeft = left;
        if (place) part.querySelector(place)?.focus({ preventScroll: true });
      });
    }
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-live] a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const address = new URL(link.href);
    if (address.origin !== location.origin || address.pathname !== "/") return;
    event.preventDefault();
    history.pushState(null, "", address.pathname + address.search);
    listen();
  });
  let typed;
  const apply = () => {
    const query = new URLSearchParams(new FormData(form));
    for (const [key, value] of [...query]) if (!value) query.delete(key);
    history.replaceState(null, "", "/?" + query);
    listen();
  };
  form.addEventListener("submit", (event) => { event.preventDefault(); apply(); });
  form.addEventListener("input", () => { clearTimeout(typed); typed = setTimeout(apply, 200); });
  addEventListener("popstate", listen);
  addEventListener("pagehide", () => stream.close());
  addEventListener("pageshow", (event) => { if (event.persisted) listen(); });
  listen();
}

// How to find the same element again in the new markup.
function selector(element) {
  const { sort } = element.dataset;
  if (sort) return `[data-sort="${CSS.escape(sort)}"]`;
  const href = element.getAttribute("href");
  return href ? `a[href="${CSS.escape(href)}"]` : element.className ? `.${CSS.escape(element.className)}` : null;
}
