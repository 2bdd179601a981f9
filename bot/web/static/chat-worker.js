/* Shows the chat without network: the page as it was seen last, and what it needs. */
"use strict";
var KEPT = "tachawor-chat";
var OURS = ["/static/chat.css", "/static/chat.js", "/static/icon.svg"];

self.addEventListener("install", function (event) {
  self.skipWaiting();
  event.waitUntil(caches.open(KEPT).then(function (kept) { return kept.addAll(OURS); }));
});
self.addEventListener("activate", function (event) { event.waitUntil(self.clients.claim()); });
self.addEventListener("fetch", function (event) {
  var url = new URL(event.request.url);
  var page = event.request.mode === "navigate" && url.pathname === "/";
  if (event.request.method !== "GET" || url.origin !== location.origin || !(page || OURS.indexOf(url.pathname) >= 0)) { return; }
  var name = page ? "/" : url.pathname;
  event.respondWith(fetch(event.request).then(function (answer) {
    // What is asked for with a language or a link leads on to the page itself.
    if (answer.ok && !answer.redirected && (!page || !url.search)) {
      var copy = answer.clone();
      // Of the page only the first is kept here: from then on the page keeps itself, as it stands (chat.js).
      event.waitUntil(caches.open(KEPT).then(function (kept) {
        return kept.match(name).then(function (before) { return page && before ? null : kept.put(name, copy); });
      }));
    }
    return answer;
  }, function () {
    return caches.match(name).then(function (kept) { return kept || Response.error(); });
  }));
});
