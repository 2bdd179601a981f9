/* The form of a consultation: shows what citizens would see while it is written, and hides what is of no
   use as things stand. Without it everything is there, and buttons do the same. */
(function () {
  "use strict";
  var form = document.getElementById("definition");
  var shown = document.getElementById("shown");
  var waiting = null;
  var number = 0;

  function look() {
    var mine = ++number;
    var typed = new URLSearchParams(new FormData(form));
    fetch("/staff/preview", { method: "POST", body: typed, credentials: "same-origin" })
      .then(function (answer) { return answer.ok ? answer.text() : null; })
      .then(function (html) {
        // A later look may have been answered already.
        if (html !== null && mine === number) { shown.innerHTML = html; }
      })
      .catch(function () { /* The line is gone for a moment; the next change looks again. */ });
  }

  function typedIn(part) {
    return Array.prototype.some.call(part.querySelectorAll("input, textarea"), function (one) {
      return one.type !== "hidden" && (one.type === "checkbox" ? one.checked !== one.defaultChecked
        : one.value !== one.defaultValue);
    });
  }

  /* What is of use for one kind of answer only is hidden under the others, unless something stands in it. */
  function fold() {
    form.querySelectorAll("[data-only]").forEach(function (part) {
      var beside = document.getElementById(part.dataset.only);
      var fits = beside && part.dataset.values.split(" ").indexOf(beside.value) >= 0;
      if (!beside) { return; }
      part.hidden = !fits && part.dataset.open === undefined && !typedIn(part);
    });
    form.querySelectorAll("[data-opens]").forEach(function (tick) {
      tick.closest("fieldset").querySelector(".inside").hidden = !tick.checked;
    });
  }

  form.addEventListener("input", function () {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(look, 500);
    fold();
  });

  form.addEventListener("change", function (event) {
    var button = event.target.matches("[data-decides]") && event.target.parentNode.querySelector(".decide");
    if (button) { button.click(); }
  });

  form.querySelectorAll(".decide").forEach(function (button) { button.hidden = true; });
  fold();
}());
