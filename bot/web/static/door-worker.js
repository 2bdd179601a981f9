/* Shows the page of a telephone at the door without network. What was noted is kept by the page itself. */
"use strict";
var KEPT = "tachawor-door";
var OURS = ["/door", "/static/door.js", "/static/pages.css", "/static/icon.svg"];
var PATIENCE = 4000;

self.addEventListener("install", function (event) {
  self.skipWaiting();
  event.waitUntil(caches.open(KEPT).then(function (kept) { return kept.addAll(OURS); }));
});
self.addEventListener("activate", function (event) { event.waitUntil(self.clients.claim()); });
self.addEventListener("fetch", function (event) {
  var url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin || OURS.indexOf(url.pathname) < 0) { return; }
  var fresh = fetch(event.request).then(function (answer) {
    if (answer.ok && !answer.redirected) {
      var copy = answer.clone();
      event.waitUntil(caches.open(KEPT).then(function (kept) { return kept.put(url.pathname, copy); }));
    }
    return answer;
  });
  // A network that hangs is none: what was kept is shown then.
  var late = new Promise(function (resolve) { setTimeout(resolve, PATIENCE); });
  event.respondWith(Promise.race([fresh, late]).catch(function () { return undefined; }).then(function (answer) {
    return answer || caches.match(url.pathname).then(function (kept) { return kept || fresh; });
  }));
});
