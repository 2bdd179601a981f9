/* Renews a page about what is under way in its place: a reload would throw the reader back to the top.
   Nothing is touched while the reader is in it. Without this script the page is loaded again. */
(function () {
  "use strict";
  var seconds = Number(document.currentScript.getAttribute("data-seconds"));

  function later() { window.setTimeout(look, seconds * 1000); }

  function isRead() {
    var inside = document.getElementById("main").contains(document.activeElement);
    return inside || document.hidden || !window.getSelection().isCollapsed;
  }

  function show(html) {
    // The reader may have gone into it since it was asked for.
    if (isRead()) { later(); return; }
    var page = new DOMParser().parseFromString(html, "text/html");
    document.getElementById("main").innerHTML = page.getElementById("main").innerHTML;
    document.title = page.title;
    // What is over is not looked at any more.
    if (page.querySelector("script[data-seconds]")) { later(); }
  }

  function look() {
    if (isRead()) { later(); return; }
    fetch(window.location.href, { credentials: "same-origin", cache: "no-store", headers: { "x-live": "1" } })
      .then(function (answer) {
        if (answer.ok) { return answer.text().then(show); }
        window.location.reload();
      })
      .catch(later);
  }

  later();
}());
