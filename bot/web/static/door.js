/* A telephone at the door of a meeting. What it notes stands in this browser, each person on a line of its own,
   until the server has said that it has it; nothing of it is lost when the page, the telephone or the server
   ends in between. Kept are: the link's secret, digests of the codes, what waits to be sent, nothing else. */
(function () {
  "use strict";
  var KEY = "door:key", LIST = "door:list", CODE = "door:code:", OTHER = "door:other:", SEEN = "door:seen:", STRAY = "door:stray:";
  var words = document.getElementById("words").dataset;
  var most = Number(words.most);
  var list = null, sending = false, back = false, doubtful = "", stream = null, last = {};

  function el(id) { return document.getElementById(id); }
  function names(prefix) {
    var found = [];
    for (var i = 0; i < localStorage.length; i += 1) {
      if (localStorage.key(i).indexOf(prefix) === 0) { found.push(localStorage.key(i)); }
    }
    return found;
  }
  function read(name) { return JSON.parse(localStorage.getItem(name)); }
  function keep(name, value) {
    try { localStorage.setItem(name, JSON.stringify(value)); return true; } catch (error) { wrong(words.noRoom); return false; }
  }
  function pending() { return names(CODE).length + names(OTHER).length; }
  function said(text) { el("wrong").textContent = ""; el("said").textContent = text; }
  function network(text) { el("network").textContent = text; }
  function wrong(text) { el("said").textContent = ""; el("wrong").textContent = text; if (navigator.vibrate) { navigator.vibrate([80, 60, 80]); } }

  function empty() {
    names("door:").forEach(function (name) { localStorage.removeItem(name); });
    list = null;
  }

  function digest(code) {
    return crypto.subtle.digest("SHA-256", new TextEncoder().encode(list.salt + ":" + code)).then(function (bytes) {
      return Array.prototype.map.call(new Uint8Array(bytes), function (one) { return ("0" + one.toString(16)).slice(-2); }).join("").slice(0, 16);
    });
  }

  /* Everybody whom this telephone knows to be there, each once. */
  function there() {
    var known = {};
    list.there.forEach(function (one) { known[one] = true; });
    names(SEEN).forEach(function (name) { known[name.slice(SEEN.length)] = true; });
    names(CODE).forEach(function (name) { known[read(name).digest] = true; });
    return known;
  }

  function show() {
    var over = list && Date.now() > list.until;
    el("none").hidden = Boolean(list || localStorage.getItem(KEY) || pending() || names(STRAY).length);
    el("door").hidden = !el("none").hidden;
    if (list) {
      var language = document.documentElement.lang;
      el("meeting").textContent = (list.title[language] || list.title.fr) + " · " + list.meeting;
      el("about").textContent = list.about[language] || list.about.fr;
      el("there").textContent = Object.keys(there()).length + list.others + names(OTHER).length;
    }
    el("notes").hidden = !list || over;
    el("waits").textContent = pending();
    el("keep").hidden = !doubtful;
    el("strays").textContent = "";
    names(STRAY).forEach(function (name) {
      var line = document.createElement("li");
      line.textContent = name.slice(STRAY.length);
      el("strays").appendChild(line);
    });
    el("stray").hidden = !names(STRAY).length;
  }

  function note(code, sure) {
    doubtful = "";
    return digest(code).then(function (mark) {
      if (there()[mark]) { said(words.again + " " + code); return; }
      if (list.codes.indexOf(mark) < 0 && !sure) {
        // Who signed up since the list came is not on it: the server will know.
        doubtful = code;
        wrong(words.unknown + " " + code);
        return;
      }
      if (keep(CODE + code, { at: Date.now(), digest: mark })) {
        said((sure ? words.keptUnknown : words.noted) + " " + code);
        if (navigator.vibrate) { navigator.vibrate(60); }
      }
    }).then(function () { show(); sync(); });
  }

  /* What was typed or scanned: a code, several, or the address on a ticket. */
  function taken(text) {
    var plain = text.replace(/[٠-٩۰-۹]/g, function (one) { return String(one.charCodeAt(0) & 15); });
    var ticket = /\/ticket\/([A-Za-z0-9-]+)\/(\d+)-/.exec(plain);
    if (ticket && ticket[1].toUpperCase() !== list.meeting) { wrong(words.otherMeeting + " " + ticket[1]); return false; }
    var codes = ticket ? [ticket[2]] : plain.match(/\d+/g);
    if (!ticket && /:\/\//.test(plain)) { wrong(words.noTicket); return false; }
    if (!codes || codes.some(function (one) { return one.length !== 5; })) { wrong(words.digits); return false; }
    codes.reduce(function (before, one) { return before.then(function () { return note(one); }); }, Promise.resolve());
    return true;
  }

  function came(name) {
    var entry = Array.prototype.map.call(crypto.getRandomValues(new Uint8Array(12)), function (one) { return ("0" + one.toString(16)).slice(-2); }).join("");
    if (!keep(OTHER + entry, { at: Date.now(), name: name })) { return; }
    el("name").value = "";
    el("agrees").checked = false;
    said(words.savedName + (name ? " " + name : ""));
    show();
    sync();
  }

  function answered(status, known, codes, others) {
    if (status === 410) { strand(); return false; }
    if (status !== 200) { network(words.noNetwork); return false; }
    network("");
    list = known;
    keep(LIST, { meeting: known.meeting, title: known.title, about: known.about, starts: known.starts, empty: known.empty, until: known.until,
      salt: known.salt, codes: known.codes, there: known.there, others: known.others });
    codes.forEach(function (name) {
      var code = name.slice(CODE.length);
      var kept = read(name);
      if (known.unknown.indexOf(code) >= 0) { keep(STRAY + code, { at: kept.at }); } else { keep(SEEN + kept.digest, kept.at); }
      localStorage.removeItem(name);
    });
    others.forEach(function (name) { localStorage.removeItem(name); });
    return true;
  }

  /* The link is not good any more: what was not sent is shown, so that somebody can write it down. */
  function strand() {
    names(CODE).forEach(function (name) { keep(STRAY + name.slice(CODE.length), read(name)); localStorage.removeItem(name); });
    [LIST, KEY].concat(names(SEEN)).forEach(function (name) { localStorage.removeItem(name); });
    list = null;
    network("");
    el("none").textContent = words.takenBack;
    wrong(words.takenBack);
  }

  function sync(asked) {
    var key = read(KEY);
    if (sending || !key) { return Promise.resolve(); }
    sending = true;
    if (asked) { network(words.sending); }
    var codes = names(CODE).slice(0, most);
    var others = names(OTHER).slice(0, most - codes.length);
    var stop = new AbortController();
    var timer = setTimeout(function () { stop.abort(); }, 20000);
    var body = {
      key: key,
      arrivals: codes.map(function (name) { return { code: name.slice(CODE.length), at: read(name).at }; }),
      others: others.map(function (name) { var one = read(name); return { entry: name.slice(OTHER.length), at: one.at, name: one.name }; })
    };
    return fetch("/door/sync", { method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json" }, credentials: "omit", signal: stop.signal })
      .then(function (answer) {
        return (answer.status === 200 ? answer.json() : Promise.resolve({})).then(function (known) { return answered(answer.status, known, codes, others); });
      }, function () { network(words.noNetwork); return false; })
      .then(function (went) {
        clearTimeout(timer);
        sending = false;
        var once = back && !went;
        back = false;
        if (went && names(STRAY).length) { wrong(words.nobodys); } else if (went && asked && !pending()) { network(words.allSent); }
        show();
        forget();
        return (went && pending()) || once ? sync(asked) : undefined;
      });
  }

  /* Some hours after the meeting, when all is sent, the telephone forgets it. */
  function forget() {
    if (list && Date.now() > list.empty && !pending() && !names(STRAY).length) {
      empty();
      show();
      el("none").textContent = words.over;
    }
  }

  function look(detector, video) {
    if (!stream) { return; }
    detector.detect(video).then(function (found) {
      found.forEach(function (one) {
        // The same ticket stays before the camera for a while.
        if (Date.now() - (last[one.rawValue] || 0) > 4000) { taken(one.rawValue); }
        last[one.rawValue] = Date.now();
      });
    }, function () { /* No picture yet. */ }).then(function () { setTimeout(look, 250, detector, video); });
  }
  function scanning() {
    navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } }).then(function (found) {
      stream = found;
      el("picture").srcObject = found;
      el("camera").hidden = false;
      return el("picture").play().then(function () { look(new window.BarcodeDetector({ formats: ["qr_code"] }), el("picture")); });
    }).catch(function () { wrong(words.noCamera); });
  }
  function scanned() {
    if (stream) { stream.getTracks().forEach(function (one) { one.stop(); }); }
    stream = null;
    el("camera").hidden = true;
  }

  el("typed").addEventListener("submit", function (event) {
    event.preventDefault();
    if (taken(el("code").value)) { el("code").value = ""; }
    show();
    el("code").focus();
  });
  el("keep-it").addEventListener("click", function () { note(doubtful, true); });
  el("other").addEventListener("submit", function (event) {
    event.preventDefault();
    var name = el("name").value.trim().replace(/\s+/g, " ");
    if (!name) { wrong(words.nameNeeded); } else if (!el("agrees").checked) { wrong(words.agreeNeeded); } else { came(name); }
  });
  el("unnamed").addEventListener("click", function () { came(""); });
  el("send").addEventListener("click", function () { sync(true); });
  el("empty").addEventListener("click", function () {
    if (window.confirm(words.emptySure + (pending() ? " " + words.waits + " " + pending() : ""))) {
      empty();
      show();
      el("none").textContent = words.emptied;
    }
  });
  el("scan").addEventListener("click", scanning);
  el("scanned").addEventListener("click", scanned);
  // A try from before the network was there may still be failing: then there is one more.
  window.addEventListener("online", function () { back = sending; sync(); });
  document.addEventListener("visibilitychange", function () { if (!document.hidden) { sync(); } else { scanned(); } });
  // Another page of this browser has noted somebody.
  window.addEventListener("storage", function () { list = read(LIST); show(); });
  setInterval(function () { if (pending()) { sync(); } }, 30000);

  if (window.BarcodeDetector && navigator.mediaDevices) {
    window.BarcodeDetector.getSupportedFormats().then(function (known) { el("scan").hidden = known.indexOf("qr_code") < 0; });
  }
  if (navigator.serviceWorker) { navigator.serviceWorker.register("/door-worker.js", { scope: "/door" }); }
  if (navigator.storage && navigator.storage.persist) { navigator.storage.persist(); }

  var given = location.hash.slice(1);
  if (given) {
    history.replaceState(null, "", location.pathname + location.search);
    if (given !== read(KEY)) {
      if (pending()) { setTimeout(wrong, 0, words.held); } else { empty(); keep(KEY, given); }
    }
  }
  list = read(LIST);
  show();
  forget();
  sync();
}());
