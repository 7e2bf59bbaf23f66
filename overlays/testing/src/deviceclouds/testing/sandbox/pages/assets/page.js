// Keeps the list of calls and the clock fresh, and copies programs. The page works without it.
"use strict";

(() => {
  const EVERY = 2000; // milliseconds between two looks
  const QUIET = 10000; // milliseconds between two announcements
  const find = (selector) => document.querySelector(selector);
  const two = (number) => String(number).padStart(2, "0");

  function startCopying() {
    const said = find("[data-copied]");
    for (const button of document.querySelectorAll("[data-copy]")) {
      const words = button.firstChild;
      const label = words.data;
      button.hidden = false;
      button.addEventListener("click", async () => {
        const code = document.getElementById(button.dataset.copy);
        let done = "Copied";
        try {
          await navigator.clipboard.writeText(code.textContent);
        } catch {
          // Only secure origins and localhost may write: leave it selected, for Ctrl+C.
          getSelection().selectAllChildren(code);
          done = "Selected";
        }
        words.data = done;
        said.textContent = done === "Copied" ? "Copied." : "Selected. Press Ctrl+C to copy.";
        setTimeout(() => {
          words.data = label;
        }, 2000);
      });
    }
  }

  class Calls {
    constructor(table) {
      this.body = table.tBodies[0];
      this.most = Number(table.dataset.rows);
      this.last = Number(table.dataset.last);
      this.row = find("[data-row]").content.firstElementChild;
      this.news = find("[data-news]");
      this.unsaid = 0;
      this.latest = "";
      this.saidAt = 0;
    }

    show(entries) {
      const newest = entries.length ? entries[entries.length - 1].number : 0;
      // Fewer than before: the list was cleared, or the sandbox started over.
      if (newest < this.last) {
        this.body.replaceChildren();
        this.last = 0;
        this.unsaid = 0;
      }
      const fresh = entries.filter((entry) => entry.number > this.last).slice(-this.most);
      this.body.prepend(...fresh.map((entry) => this.make(entry)).reverse());
      while (this.body.rows.length > this.most) {
        this.body.lastElementChild.remove();
      }
      this.last = newest;
      find("[data-empty]").hidden = this.body.rows.length > 0;
      this.tell(fresh);
    }

    make(entry) {
      const row = this.row.cloneNode(true);
      const slot = (name) => row.querySelector(`[data-slot="${name}"]`);
      const when = new Date(entry.at * 1000);
      slot("time").dateTime = when.toISOString();
      slot("time").textContent = clockOf(when);
      // Everything is set as text: paths are whatever somebody asked for.
      for (const name of ["vendor", "method", "path", "status"]) {
        slot(name).textContent = entry[name];
      }
      slot("status").className = `status status-${Math.floor(entry.status / 100)}`;
      if (entry.operation) {
        slot("operation").textContent = entry.operation;
        slot("operation").href = `/reference/${entry.vendor}?q=${encodeURIComponent(entry.operation)}`;
      }
      slot("check").className = entry.ok ? "good" : "bad";
      slot("check").textContent = entry.ok ? "valid" : entry.problems.join("; ");
      slot("fault").hidden = !entry.fault;
      slot("fault").textContent = entry.fault ? `fault: ${entry.fault}` : "";
      row.classList.add("fresh");
      return row;
    }

    tell(fresh) {
      if (fresh.length) {
        const last = fresh[fresh.length - 1];
        this.unsaid += fresh.length;
        this.latest = `${last.vendor} ${last.operation || last.method}, status ${last.status}`;
      }
      // What came in the quiet time is told at its end, also when nothing follows.
      if (!this.unsaid || Date.now() - this.saidAt < QUIET) {
        return;
      }
      this.news.textContent = `${this.unsaid} new call${this.unsaid === 1 ? "" : "s"}, the last: ${this.latest}`;
      this.unsaid = 0;
      this.saidAt = Date.now();
    }
  }

  const clockOf = (when) => [when.getUTCHours(), when.getUTCMinutes(), when.getUTCSeconds()].map(two).join(":");

  function showTime(answer) {
    const when = new Date(answer.now);
    const shown = find("[data-clock]");
    shown.dateTime = answer.now;
    shown.textContent = `${when.toISOString().slice(0, 10)} ${clockOf(when)} UTC`;
    find("[data-clock-state]").textContent = answer.frozen ? "stands still" : "runs";
  }

  async function ask(path) {
    const answer = await fetch(path, { headers: { Accept: "application/json" } });
    if (!answer.ok) {
      throw new Error(`${path}: ${answer.status}`);
    }
    return answer.json();
  }

  function startWatching(table) {
    const calls = new Calls(table);
    const state = find("[data-live]");
    const button = find("[data-pause]");
    let paused = false;
    let turn = 0;
    let timer;

    const say = (word) => {
      state.textContent = word;
      state.dataset.live = word;
    };
    const look = async () => {
      clearTimeout(timer);
      // Two looks may be under way: what an older one finds is old. A pause is a turn, too.
      const mine = ++turn;
      if (paused) {
        return;
      }
      if (!document.hidden) {
        try {
          const [entries, clock] = await Promise.all([ask("/_sandbox/journal"), ask("/_sandbox/clock")]);
          if (mine === turn) {
            calls.show(entries);
            showTime(clock);
            say("live");
          }
        } catch {
          if (mine === turn) {
            say("no answer");
          }
        }
      }
      if (mine === turn) {
        timer = setTimeout(look, EVERY);
      }
    };

    button.addEventListener("click", () => {
      paused = !paused;
      button.setAttribute("aria-pressed", String(paused));
      say(paused ? "paused" : "live");
      look();
    });
    document.addEventListener("visibilitychange", look);
    button.hidden = state.hidden = false;
    find("[data-reload]").hidden = true;
    look();
  }

  startCopying();
  const table = find("[data-journal]");
  if (table) {
    startWatching(table);
  }
})();
