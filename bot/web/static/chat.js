/* The chat page's script, in the JavaScript of old phones. Without it the page still works as forms.
 *
 * What a citizen sends is kept in this browser until the server has it: it survives a reload and a
 * loss of network, and its id makes sure that it is taken in once.
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
  // The language that was chosen by a link or in the header, before anything was said.
  var chosen = document.body.getAttribute("data-lang");

  // ------------------------------------------------------------------ what this browser remembers

  function read(name) {
    try { return JSON.parse(localStorage.getItem(name) || "[]"); } catch (error) { return []; }
  }
  function write(name, value) {
    try { localStorage.setItem(name, JSON.stringify(value)); } catch (error) { /* a full or closed store: the chat goes on */ }
  }
  var queue = read("tachawor.queue");
  var mine = read("tachawor.mine");

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
  }
  function markOld() {
    var all = log.querySelectorAll(".bot");
    for (var i = 0; i < all.length - 1; i++) { all[i].classList.add("old"); }
  }
  function showBot(message) {
    if (shown[message.id]) { return; }
    shown[message.id] = true;
    if (later(message.id, lastId)) { lastId = message.id; }
    var box = element("div", "message bot");
    box.setAttribute("data-id", message.id);
    box.dir = message.direction;
    box.lang = message.language;
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
      if (item.kind === "voice") { node.controls = true; node.preload = "none"; } else { node.alt = ""; }
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
    log.appendChild(box);
    markOld();
    toSee(box);
  }
  function showMine(item, before) {
    var box = element("div", "message mine" + (item.done ? "" : " waiting"));
    box.setAttribute("data-mine", item.id);
    box.setAttribute("dir", "auto");
    box.appendChild(element("span", "hidden", words.you + ": "));
    box.appendChild(element("p", "", item.shown));
    log.insertBefore(box, before || null);
    return box;
  }
  function mark(item, name) {
    var box = log.querySelector('[data-mine="' + item.id + '"]');
    if (box) { box.className = "message mine" + (name ? " " + name : ""); }
  }
  function say(line) { statusLine.textContent = line || ""; }

  // ------------------------------------------------------------------ sending

  function put(fields, label) {
    if (chosen) { fields.lang = chosen; }
    var item = { id: newId(), fields: fields, shown: label, after: lastId };
    queue.push(item);
    if (label) {
      mine.push({ id: item.id, shown: label, after: lastId });
      mine = mine.slice(-100);
      write("tachawor.mine", mine);
      showMine(item);
      toEnd();
    }
    keepQueue();
    sendNext();
    return item;
  }
  function keepQueue() {
    write("tachawor.queue", queue.filter(function (item) { return !files[item.id]; }));
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
    var spoken = last.length && last[last.length - 1].lang;
    if (spoken && spoken !== document.documentElement.lang && !queue.length && !text.value) { location.replace("/"); }
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
      put({ token: button.value }, button.textContent.trim());
    }
  });
  document.getElementById("composer").addEventListener("submit", function (event) {
    event.preventDefault();
    var typed = text.value.trim();
    if (typed) {
      put({ text: text.value }, typed);
      text.value = "";
      text.style.height = "";
    }
    text.focus();
  });
  text.addEventListener("keydown", function (event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      document.getElementById("send").click();
    }
  });
  text.addEventListener("input", function () {
    text.style.height = "";
    text.style.height = Math.min(text.scrollHeight + 2, 144) + "px";
  });
  function putFile(field, content, name, label, fields) {
    fields = fields || {};
    if (chosen) { fields.lang = chosen; }
    var item = { id: newId(), fields: fields, shown: label, after: lastId };
    files[item.id] = [{ field: field, content: content, name: name }];
    queue.push(item);
    mine.push({ id: item.id, shown: label, after: lastId });
    write("tachawor.mine", mine);
    showMine(item);
    toEnd();
    sendNext();
  }
  file.addEventListener("change", function () {
    var chosen = file.files[0];
    if (!chosen) { return; }
    var kind = chosen.type.indexOf("image/") === 0 ? "photo" : chosen.type.indexOf("audio/") === 0 ? "voice" : "file";
    putFile(kind, chosen, chosen.name, (kind === "photo" ? "📷 " : kind === "voice" ? "🎤 " : "📎 ") + chosen.name);
    file.value = "";
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
          putFile("voice", new Blob(parts, { type: recorder.mimeType }), "voice", "🎤 " + seconds + " s", { seconds: String(seconds) });
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
  if (!old.length) { mine = []; queue = queue.filter(function (item) { return item.fields.start !== undefined; }); write("tachawor.mine", mine); }
  mine.forEach(function (item) {
    var next = null;
    for (var n = 0; n < old.length && !next; n++) {
      if (later(old[n].getAttribute("data-id"), item.after)) { next = old[n]; }
    }
    var waiting = queue.some(function (other) { return other.id === item.id; });
    showMine({ id: item.id, shown: item.shown, done: !waiting }, next);
  });
  markOld();
  toEnd();
  var start = document.body.getAttribute("data-start");
  if (start || chosen) { history.replaceState(null, "", "/"); }
  if (start) {
    put({ start: start }, "");
  } else if (!old.length && !queue.length) {
    put({ start: "" }, "");
  }
  window.addEventListener("online", function () { waitMs = 1000; say(words.online); sendNext(); });
  window.addEventListener("offline", function () { say(words.offline); });
  sendNext();
  listen();
})();
