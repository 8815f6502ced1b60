// Counts down what the server said and goes on. Without this file a meta refresh does it.
(() => {
  "use strict";
  const place = document.querySelector("[data-countdown]");
  if (!place) return;
  const ends = Date.now() + Number(place.dataset.countdown) * 1000;
  const figure = place.querySelector(".big-figure");
  const tick = () => {
    const left = Math.max(0, Math.ceil((ends - Date.now()) / 1000));
    figure.textContent = String(left);
    if (left === 0) window.location.replace(place.dataset.to);
    else window.setTimeout(tick, 200);
  };
  tick();
})();
