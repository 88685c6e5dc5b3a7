/* The page viewer: the picture in tiles, over the plain image that stands there without it. */
"use strict";
(function () {
  const sheet = document.getElementById("sheet");
  if (!sheet || !window.OpenSeadragon) { return; }
  const told = sheet.dataset;
  const frame = sheet.querySelector(".zoom");
  const plain = sheet.querySelector(".plain");
  const tools = document.getElementById("tools");
  const whole = document.getElementById("viewer");
  let turned = false;
  function shape() {
    frame.style.aspectRatio = turned ? told.height + " / " + told.width : told.width + " / " + told.height;
  }
  shape();
  frame.hidden = false;
  const viewer = window.OpenSeadragon({
    element: frame,
    drawer: "canvas",
    showNavigationControl: false,
    visibilityRatio: 1,
    constrainDuringPan: true,
    minZoomImageRatio: 1,
    maxZoomPixelRatio: 3,
    animationTime: window.matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 0.5,
    gestureSettingsMouse: { clickToZoom: false, dblClickToZoom: true },
    tileSources: {
      width: Number(told.width),
      height: Number(told.height),
      tileSize: Number(told.tile),
      tileOverlap: Number(told.overlap),
      minLevel: 0,
      maxLevel: Number(told.levels) - 1,
      getTileUrl: function (level, column, row) { return told.tiles + level + "/" + column + "_" + row + ".jpg"; }
    }
  });
  function giveUp() {
    frame.hidden = true;
    plain.hidden = false;
    tools.remove();
    keepHitInSight();
  }
  viewer.addHandler("open", function () {
    plain.hidden = true;
    frame.classList.remove("waiting");
    tools.hidden = false;
    const place = viewer.canvas;
    place.setAttribute("role", "application");
    place.setAttribute("aria-label", told.label);
    showHits();
    leaveToThePage();
    keepHitInSight();
  });
  /* Whoever came for a hit sees it, unless he has gone elsewhere since. */
  const hit = window.location.hash === "#hit" && document.getElementById("hit");
  const came = window.performance.getEntriesByType("navigation")[0];
  let isLeft = !hit || !came || came.type !== "navigate";
  ["wheel", "touchmove", "keydown", "pointerdown"].forEach(function (name) {
    window.addEventListener(name, function () { isLeft = true; }, { once: true, passive: true });
  });
  function keepHitInSight() {
    if (isLeft) { return; }
    const place = hit.getBoundingClientRect();
    if (place.top < 0 || place.bottom > window.innerHeight) { hit.scrollIntoView(); }
  }
  window.addEventListener("load", keepHitInSight);
  /* At the size that fits, one finger scrolls the page; two zoom, and what is enlarged is moved by one. */
  function fits() { return viewer.viewport.getZoom() <= viewer.viewport.getHomeZoom() * 1.01; }
  function leaveToThePage() {
    [viewer.container, viewer.canvas].forEach(function (one) { one.style.touchAction = fits() ? "pan-y" : "none"; });
  }
  function notAtFit(event) {
    if (event.pointerType !== "mouse" && fits()) { event.preventDefaultAction = true; }
  }
  viewer.addHandler("canvas-drag", notAtFit);
  viewer.addHandler("canvas-drag-end", notAtFit);
  viewer.addHandler("zoom", leaveToThePage);
  viewer.addHandler("resize", leaveToThePage);
  function showHits() {
    let wanted = null;
    sheet.querySelectorAll(".marks rect").forEach(function (rect) {
      const at = ["x", "y", "width", "height"].map(function (name) { return Number(rect.getAttribute(name)); });
      const location = viewer.viewport.imageToViewportRectangle(at[0], at[1], at[2], at[3]);
      const box = document.createElement("div");
      box.className = rect.classList.contains("current") ? "box current" : "box";
      viewer.addOverlay({ element: box, location: location });
      if (rect.classList.contains("current") && !wanted) { wanted = location; }
    });
    if (wanted && told.go) {
      const around = new window.OpenSeadragon.Rect(wanted.x - 0.2, wanted.y - 0.12, wanted.width + 0.4, wanted.height + 0.24);
      viewer.viewport.fitBoundsWithConstraints(around);
    }
  }
  viewer.addHandler("open-failed", giveUp);
  viewer.addHandler("canvas-scroll", function (event) {
    if (!event.originalEvent.ctrlKey && !event.originalEvent.metaKey) {
      event.preventDefaultAction = true;
      event.preventDefault = false;
    }
  });
  function turn(degrees) {
    viewer.viewport.rotateBy(degrees);
    turned = Math.round(viewer.viewport.getRotation() / 90) % 2 !== 0;
    shape();
    viewer.forceResize();
    viewer.viewport.goHome();
  }
  const full = tools.querySelector("[data-act=full]");
  function filled() { return document.fullscreenElement === whole || whole.classList.contains("filling"); }
  function tellFull() { full.setAttribute("aria-pressed", String(filled())); }
  function fill() {
    if (document.fullscreenEnabled) {
      (filled() ? document.exitFullscreen() : whole.requestFullscreen()).catch(function () {});
    } else {
      whole.classList.toggle("filling");
      tellFull();
    }
  }
  document.addEventListener("fullscreenchange", tellFull);
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && whole.classList.contains("filling")) { fill(); }
  });
  const acts = {
    "in": function () { viewer.viewport.zoomBy(1.5); },
    "out": function () { viewer.viewport.zoomBy(1 / 1.5); },
    "fit": function () { turn(-viewer.viewport.getRotation()); },
    "left": function () { turn(-90); },
    "right": function () { turn(90); },
    "full": fill
  };
  tools.addEventListener("click", function (event) {
    const button = event.target.closest("button[data-act]");
    if (button) {
      acts[button.dataset.act]();
      viewer.viewport.applyConstraints();
    }
  });
  const strip = document.querySelector(".strip");
  const shown = strip && strip.querySelector("[aria-current]");
  if (shown) { strip.scrollLeft = shown.offsetLeft - (strip.clientWidth - shown.offsetWidth) / 2; }
})();
