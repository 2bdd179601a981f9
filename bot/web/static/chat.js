/* The chat page's script, in the JavaScript of old phones. Without it the page still works as forms.
 *
 * What a citizen sends is kept in this browser until the server has it: it survives a reload and a
 * loss of network, and its id makes sure that it is taken in once. What answers a private question (a
 * name, a card's number) is kept nowhere but in the open page, and there until that step is over.
 */
(function () {
  "use strict";
  var log = document.getElementById("log");
  var text = document.getElementById("text");
  var file = document.getElementById("file");
  var statusLine = document.getElementById("status");
  var words = document.getElementById("words").dataset;
  var lastId = "0";
  var shown = {};
  var sending = false;
  var waitMs = 1000;
  var files = {};
  var remembering = 0;
  // The language that was chosen by a link or in the header, before anything was said.
  var chosen = document.body.getAttribute("data-lang");

  // ------------------------------------------------------------------ what this browser remembers

  // What one of a home has not sent yet is sent by nobody else.
  var own = "." + document.body.getAttribute("data-chat");
  function read(name) {
    try { return JSON.parse(localStorage.getItem(name + own) || "[]"); } catch (error) { return []; }
  }
  function write(name, value) {
    try { localStorage.setItem(name + own, JSON.stringify(value)); } catch (error) { /* a full or closed store: the chat goes on */ }
  }
  var queue = read("tachawor.queue");

  function newId() {
    var id = "";
    for (var i = 0; i < 6; i++) { id += Math.floor(Math.random() * 0x10000).toString(16); }
    return Date.now().toString(16) + id;
  }
  function later(one, other) {
    return one.length !== other.length ? one.length > other.length : one > other;
  }

  // ------------------------------------------------------------------ showing

  function element(tag, className, content) {
    var made = document.createElement(tag);
    if (className) { made.className = className; }
    if (content) { made.textContent = content; }
    return made;
  }
  function toEnd() { log.scrollTop = log.scrollHeight; }
  function toSee(box) {
    // A message taller than the screen is read from its beginning.
    if (box.offsetHeight > log.clientHeight) { log.scrollTop = box.offsetTop - log.offsetTop; } else { toEnd(); }
    // On the smallest screens the page itself scrolls.
    if (log.scrollHeight <= log.clientHeight) { box.scrollIntoView(); }
  }
  function markOld() {
    // Spent choices stay there to be tapped, but nobody has to step through them.
    var all = log.querySelectorAll(".bot:not(.old)");
    for (var i = 0; i < all.length - 1; i++) {
      all[i].classList.add("old");
      var spent = all[i].querySelectorAll("button");
      for (var n = 0; n < spent.length; n++) { spent[n].tabIndex = -1; }
    }
  }
  function showBot(message) {
    if (shown[message.id]) { return; }
    shown[message.id] = true;
    if (later(message.id, lastId)) { lastId = message.id; }
    var box = element("div", "message bot");
    box.setAttribute("data-id", message.id);
    if (message.private) { box.setAttribute("data-private", ""); }
    if (message.notice) { box.setAttribute("data-notice", ""); }
    box.dir = message.direction;
    box.lang = message.lang;
    box.appendChild(speaker(words.council));
    if (message.text) { box.appendChild(element("p", "", message.text)); }
    message.media.forEach(function (item) {
      if (item.kind === "document") {
        var link = element("a", "file", "📄 " + (item.name || item.url.split("/").pop()));
        link.href = item.url;
        link.setAttribute("download", item.name || "");
        box.appendChild(link);
        return;
      }
      var node = element(item.kind === "voice" ? "audio" : "img");
      if (item.kind === "voice") {
        node.controls = true;
        node.preload = "none";
        node.setAttribute("aria-label", words.listen);
      } else { node.alt = words.picture; }
      node.src = item.url;
      box.appendChild(node);
    });
    if (message.buttons.length) {
      var choices = element("div", "choices");
      message.buttons.forEach(function (button) {
        var node = element("button", "", button.label);
        node.type = "button";
        node.value = button.token;
        choices.appendChild(node);
      });
      box.appendChild(choices);
    }
    if (message.erased) { forget(); }
    if (!message.private && !message.notice) { hide(log); }
    log.appendChild(box);
    markOld();
    toSee(box);
    keepDraft();
    remember();
  }
  function isPrivate() {
    // Whether the question asks for what nobody else may find here: a name, a card's number.
    var all = log.querySelectorAll(".bot:not([data-notice])");
    return all.length > 0 && all[all.length - 1].hasAttribute("data-private");
  }
  function hide(within, goesOn) {
    // What belongs to a private step is not shown any more; while it goes on, what is answered to it is private too.
    var all = within.querySelectorAll("[data-private]");
    for (var i = 0; i < all.length; i++) {
      var line = all[i].querySelector("p");
      if (line) { line.textContent = words.private; }
      if (!goesOn) { all[i].removeAttribute("data-private"); }
    }
  }
  function forget() {
    // All was erased: nothing of it stays in this browser.
    log.textContent = "";
    queue = [];
    files = {};
    text.value = "";
    keepQueue();
    keepDraft();
  }
  function speaker(name) {
    var made = element("span", "hidden", name + ": ");
    made.lang = document.documentElement.lang;
    return made;
  }
  function showMine(item) {
    var box = element("div", "message mine waiting");
    box.setAttribute("data-mine", item.id);
    if (item.secret) { box.setAttribute("data-private", ""); }
    box.setAttribute("dir", "auto");
    box.appendChild(speaker(words.you));
    box.appendChild(element("p", "", item.shown));
    log.appendChild(box);
  }
  function mark(item, name) {
    var box = log.querySelector('[data-mine="' + item.id + '"]');
    if (box) { box.className = "message mine" + (name ? " " + name : ""); }
  }
  function say(line) { statusLine.textContent = line || ""; }

  // ------------------------------------------------------------------ sending

  function put(fields, label, parts) {
    if (chosen) { fields.lang = chosen; }
    var item = { id: newId(), fields: fields, shown: label, secret: isPrivate() && !fields.token, seen: lastId };
    if (parts) { files[item.id] = parts; }
    queue.push(item);
    if (label) {
      showMine(item);
      toEnd();
      remember();
    }
    keepQueue();
    sendNext();
  }
  function keepQueue() {
    write("tachawor.queue", queue.filter(function (item) { return !files[item.id] && !item.secret; }));
  }
  function sendNext() {
    if (sending || !queue.length) { return; }
    var item = queue[0];
    var form = new FormData();
    form.append("id", item.id);
    Object.keys(item.fields).forEach(function (name) { form.append(name, item.fields[name]); });
    (files[item.id] || []).forEach(function (part) { form.append(part.field, part.content, part.name); });
    var request = new XMLHttpRequest();
    sending = true;
    say(words.sending);
    request.open("POST", "/chat/send?after=" + lastId);
    request.setRequestHeader("Accept", "application/json");
    request.timeout = 60000;
    request.onload = function () {
      sending = false;
      if (request.status >= 500) { retry(); return; }
      waitMs = 1000;
      queue.shift();
      delete files[item.id];
      keepQueue();
      if (request.status === 200) {
        say("");
        mark(item, "");
        remember();
        JSON.parse(request.responseText).messages.forEach(showBot);
        follow();
      } else if (request.status === 403) {
        location.reload();
      } else {
        say(words.failed);
        mark(item, "failed");
      }
      sendNext();
    };
    request.onerror = request.ontimeout = function () { sending = false; retry(); };
    request.send(form);
  }
  function follow() {
    // What stands around the conversation is in its language; nothing that is being written is lost.
    var last = log.querySelectorAll(".bot");
    var spoken = last.length && last[last.length - 1].lang.split("-")[0];
    if (spoken && spoken !== document.documentElement.lang && !queue.length && !text.value) { location.replace("/"); }
  }
  function retryNow(box) {
    // What was not sent is put back into the field, to be sent again or changed.
    var words_ = box.querySelector("p").textContent;
    if (!text.value && !box.classList.contains("lost")) { text.value = words_; }
    box.parentNode.removeChild(box);
    say("");
    text.focus();
  }
  function remember() {
    // The page as it stands, for when it is opened again without network.
    if (!window.caches) { return; }
    clearTimeout(remembering);
    remembering = setTimeout(function () {
      caches.open("tachawor-chat").then(function (kept) {
        return kept.match("/").then(function (before) {
          if (!before) { return; }
          var page = document.documentElement.cloneNode(true);
          hide(page, true);
          var html = "<!doctype html>" + page.outerHTML;
          // Not its length: what is kept now is another.
          var headers = { "content-type": "text/html; charset=utf-8" };
          var policy = before.headers.get("content-security-policy");
          if (policy) { headers["content-security-policy"] = policy; }
          return kept.put("/", new Response(html, { headers: headers }));
        });
      }).then(null, function () { /* a closed or full store: the chat goes on */ });
    }, 500);
  }
  function retry() {
    say(words.offline);
    setTimeout(sendNext, waitMs);
    waitMs = Math.min(waitMs * 2, 30000);
  }

  // ------------------------------------------------------------------ reading what comes by itself

  function listen() {
    if (document.hidden) { setTimeout(listen, 3000); return; }
    var request = new XMLHttpRequest();
    var asked = lastId;
    request.open("GET", "/chat/messages?wait=1&after=" + asked);
    request.timeout = 40000;
    request.onload = function () {
      if (request.status === 200) {
        if (statusLine.textContent === words.offline) { say(words.online); }
        JSON.parse(request.responseText).messages.forEach(showBot);
        setTimeout(listen, 200);
      } else { setTimeout(listen, 10000); }
    };
    request.onerror = request.ontimeout = function () { setTimeout(listen, 5000); };
    request.send();
  }

  // ------------------------------------------------------------------ the citizen's hands

  log.addEventListener("click", function (event) {
    var button = event.target.closest ? event.target.closest("button") : event.target;
    if (button && button.value && log.contains(button)) {
      event.preventDefault();
      button.classList.add("chosen");
      // A second tap while the first is on its way is the same one: it is said that it is.
      if (queue.some(function (item) { return item.fields.token === button.value; })) {
        say("");
        setTimeout(function () { say(words.sending); }, 150);
        return;
      }
      put({ token: button.value }, button.textContent.trim());
    }
    var again = event.target.closest ? event.target.closest(".failed") : null;
    if (again) { retryNow(again); }
  });
  document.getElementById("composer").addEventListener("submit", function (event) {
    event.preventDefault();
    sendAll();
    text.focus();
  });
  function sendAll() {
    var typed = text.value.trim();
    if (!typed && !ready) { return; }
    var parts = ready ? [ready] : null;
    put(typed ? { text: text.value } : {}, (ready ? ready.sign + " " : "") + (typed || (ready ? ready.name : "")), parts);
    text.value = "";
    text.style.height = "";
    keepDraft();
    choose(null);
  }
  text.addEventListener("keydown", function (event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      document.getElementById("send").click();
    }
  });
  text.addEventListener("input", function () {
    text.style.height = "";
    text.style.height = Math.min(text.scrollHeight + 2, 144) + "px";
    if (text.value.length >= text.maxLength) { say(words.tooLong); }
    keepDraft();
  });
  function keepDraft() { write("tachawor.draft", [isPrivate() ? "" : text.value]); }

  // A file waits with its words until "send".
  var ready = null;
  var chip = document.getElementById("chosen");
  function choose(part) {
    ready = part;
    file.value = "";
    chip.hidden = !part;
    chip.firstChild.textContent = part ? part.sign + " " + part.name : "";
    if (part) { text.focus(); }
  }
  chip.lastElementChild.addEventListener("click", function () { choose(null); text.focus(); });
  file.addEventListener("change", function () {
    var picked = file.files[0];
    if (!picked) { return; }
    var kind = picked.type.indexOf("image/") === 0 ? "photo" : picked.type.indexOf("audio/") === 0 ? "voice" : "file";
    choose({ field: kind, content: picked, name: picked.name, sign: kind === "photo" ? "📷" : kind === "voice" ? "🎤" : "📎" });
  });

  var place = document.getElementById("location");
  if (navigator.geolocation) {
    place.hidden = false;
    place.addEventListener("click", function () {
      navigator.geolocation.getCurrentPosition(function (found) {
        put({ latitude: found.coords.latitude, longitude: found.coords.longitude }, "📍");
      }, function () { say(words.noLocation); }, { timeout: 20000 });
    });
  }

  var voice = document.getElementById("voice");
  var recorder = null;
  if (window.MediaRecorder && navigator.mediaDevices && navigator.mediaDevices.getUserMedia) {
    voice.hidden = false;
    voice.addEventListener("click", function () {
      if (recorder) { recorder.stop(); return; }
      navigator.mediaDevices.getUserMedia({ audio: true }).then(function (stream) {
        var parts = [];
        var began = Date.now();
        recorder = new MediaRecorder(stream);
        recorder.ondataavailable = function (event) { parts.push(event.data); };
        recorder.onstop = function () {
          var seconds = Math.round((Date.now() - began) / 1000);
          stream.getTracks().forEach(function (track) { track.stop(); });
          voice.classList.remove("recording");
          voice.setAttribute("aria-label", words.voice);
          var note = { field: "voice", content: new Blob(parts, { type: recorder.mimeType }), name: "voice" };
          var typed = text.value.trim();
          put({ seconds: String(seconds), text: text.value }, "🎤 " + seconds + " s" + (typed ? " " + typed : ""), [note]);
          text.value = "";
          keepDraft();
          recorder = null;
        };
        recorder.start();
        voice.classList.add("recording");
        voice.setAttribute("aria-label", words.voiceStop);
      }, function () { say(words.noMicrophone); });
    });
  }

  // ------------------------------------------------------------------ beginning

  var old = log.querySelectorAll(".bot");
  for (var i = 0; i < old.length; i++) {
    var id = old[i].getAttribute("data-id");
    shown[id] = true;
    if (later(id, lastId)) { lastId = id; }
  }
  if (!old.length) { queue = queue.filter(function (item) { return item.fields.start !== undefined; }); }
  // What was begun in a chat that was erased since, from elsewhere, is gone with it; what was said afterwards is not.
  if (old.length ? old[old.length - 1].hasAttribute("data-erased") : !queue.length) {
    queue = queue.filter(function (item) { return item.seen === lastId; });
    keepQueue();
    write("tachawor.draft", [""]);
  }
  try { localStorage.removeItem("tachawor.mine"); } catch (error) { /* nothing was kept there */ }
  // Without network this is the page as it was left: what waited and is not kept any more (a file) is not sent.
  var waiting = log.querySelectorAll(".mine.waiting");
  for (var w = 0; w < waiting.length; w++) {
    var known = waiting[w].getAttribute("data-mine");
    if (!queue.some(function (item) { return item.id === known; })) { waiting[w].className = "message mine failed lost"; say(words.failed); }
  }
  queue.forEach(function (item) {
    if (item.shown && !log.querySelector('[data-mine="' + item.id + '"]')) { showMine(item); }
  });
  if (!text.value) { text.value = read("tachawor.draft")[0] || ""; }
  markOld();
  if (old.length) { toSee(old[old.length - 1]); }
  if (queue.length) { toEnd(); }
  var start = document.body.getAttribute("data-start");
  if (start || chosen) { history.replaceState(null, "", "/"); }
  if (start) {
    put({ start: start }, "");
  } else if (!old.length && !queue.length) {
    put({ start: "" }, "");
  }
  window.addEventListener("online", function () { waitMs = 1000; say(words.online); sendNext(); });
  window.addEventListener("offline", function () { say(words.offline); });
  if (window.visualViewport) {
    // With the keyboard open, some browsers leave the page as tall as it was: its foot would be out of sight.
    window.visualViewport.addEventListener("resize", function () {
      document.body.style.height = window.visualViewport.height < window.innerHeight ? window.visualViewport.height + "px" : "";
      if (old.length || log.children.length) { toSee(log.lastElementChild); }
    });
  }
  if (navigator.serviceWorker && navigator.serviceWorker.register) {
    navigator.serviceWorker.register("/chat-worker.js").then(null, function () { /* the chat goes on without */ });
  }
  remember();
  sendNext();
  listen();
})();
