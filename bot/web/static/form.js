/* Shows what citizens would see while a consultation is written. Without it the preview button does. */
(function () {
  "use strict";
  var form = document.getElementById("definition");
  var shown = document.getElementById("shown");
  var waiting = null;
  var number = 0;

  function look() {
    var mine = ++number;
    fetch("/staff/preview", { method: "POST", body: new FormData(form), credentials: "same-origin" })
      .then(function (answer) { return answer.ok ? answer.text() : null; })
      .then(function (html) {
        // A later look may have been answered already.
        if (html !== null && mine === number) { shown.innerHTML = html; }
      })
      .catch(function () { /* The line is gone for a moment; the next change looks again. */ });
  }

  form.addEventListener("input", function () {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(look, 500);
  });
}());
