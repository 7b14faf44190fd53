/* Draws the charts of a page, each when it comes near: until then, without this script, and on paper, it is its saved picture. */
"use strict";

(() => {
  const here = document.currentScript.src;
  let plotly;

  /** Once a page, and only where there is a chart: 10 MB. */
  function loadPlotly() {
    plotly ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = new URL("plotly.js", here).href;
      script.onload = () => resolve(window.Plotly);
      script.onerror = () => reject(new Error("plotly.js did not load"));
      document.head.append(script);
    });
    return plotly;
  }

  async function draw(figure) {
    const { data, layout, config } = JSON.parse(figure.querySelector("script").textContent);
    const { newPlot } = await loadPlotly();
    const chart = document.createElement("div");
    chart.className = "chart-drawn";
    figure.append(chart);
    await newPlot(chart, data, layout, config);
    // who does not see it hears the picture's description, which stays
    for (const drawing of chart.querySelectorAll(".svg-container > svg"))
      drawing.setAttribute("aria-hidden", "true");
    figure.classList.add("is-drawn");
  }

  const near = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (!isIntersecting) continue;
        near.unobserve(target);
        // without it the picture stays
        draw(target).catch((error) => console.warn(error));
      }
    },
    { rootMargin: "400px" },
  );
  for (const figure of document.querySelectorAll("figure.chart:has(> script)")) near.observe(figure);
})();
