/* Copies how the record is cited; without this it can be selected. */
"use strict";
(function () {
  const copying = document.querySelector(".copying");
  if (!copying) { return; }
  const status = copying.querySelector("[role=status]");
  copying.hidden = false;
  function tell(text) {
    status.textContent = "";
    window.setTimeout(function () { status.textContent = text; }, 50);
  }
  function byHand(cited) {
    const chosen = window.getSelection();
    chosen.removeAllRanges();
    chosen.selectAllChildren(cited);
    tell(copying.dataset.byHand);
  }
  copying.addEventListener("click", function (event) {
    const button = event.target.closest("button[data-copies]");
    if (!button) { return; }
    const cited = document.getElementById(button.dataset.copies);
    if (!navigator.clipboard) { byHand(cited); return; }
    navigator.clipboard.writeText(cited.textContent.trim()).then(
      function () { tell(copying.dataset.done); },
      function () { byHand(cited); }
    );
  });
})();
