/* What the keyboard reaches, and how it is called: things that scroll within themselves, the two drawers of a narrow screen, folded cells. */
"use strict";

(() => {
  const SCROLLING = "article pre, article .table-wrapper, article .output.text_html, figure.chart";
  const DRAWERS = { __navigation: "Navigation", __toc: "Contents of this page" };

  /** Only what is wider than its place can be scrolled, and only that is a stop for the Tab key. */
  function reachScrolling() {
    for (const part of document.querySelectorAll(SCROLLING)) {
      if (part.scrollWidth > part.clientWidth + 1) part.tabIndex = 0;
      else part.removeAttribute("tabindex");
    }
  }

  /** The theme opens its drawers with a label for a hidden box, which the mouse alone reaches. */
  function reachDrawer(id, name) {
    const box = document.getElementById(id);
    for (const label of document.querySelectorAll(`label[for="${id}"]:not(.overlay)`)) {
      const tell = () => label.setAttribute("aria-expanded", String(box.checked));
      label.setAttribute("role", "button");
      label.setAttribute("aria-label", name);
      label.tabIndex = 0;
      label.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        box.click();
      });
      box.addEventListener("change", tell);
      tell();
    }
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && box.checked) box.click();
    });
  }

  // MyST-NB calls what folds a cell otherwise than it shows: who speaks to the page says what is seen
  for (const folded of document.querySelectorAll("details.hide > summary"))
    folded.removeAttribute("aria-label");
  for (const [id, name] of Object.entries(DRAWERS)) reachDrawer(id, name);
  reachScrolling();
  window.addEventListener("resize", reachScrolling);
  window.addEventListener("load", reachScrolling);
})();
