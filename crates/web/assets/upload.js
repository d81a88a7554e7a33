// Sends packages one after the other, with progress and a way back. Without this module the form works as it is.

import { localise } from "./time.js";

const form = document.querySelector("form[data-upload]");
if (form) {
  const input = form.querySelector("input[type=file]");
  const list = document.querySelector("[data-uploads]");
  const rowTemplate = document.querySelector("template[data-upload-row]");
  const maxBytes = Number(form.dataset.maxBytes);

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    take(input.files);
    form.reset();
  });
  // Choosing is deciding: no second click.
  input.addEventListener("change", () => form.requestSubmit());
  form.querySelector("button").hidden = true;

  // The whole page takes a drop, and the form shows that it will; where a mistake would stay, only the form.
  const zone = form.dataset.upload === "here" ? form : window;
  let depth = 0;
  const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
  zone.addEventListener("dragenter", (event) => {
    if (carriesFiles(event)) form.classList.toggle("over", ++depth > 0);
  });
  zone.addEventListener("dragleave", (event) => {
    if (carriesFiles(event)) form.classList.toggle("over", --depth > 0);
  });
  zone.addEventListener("dragover", (event) => {
    if (carriesFiles(event)) event.preventDefault();
  });
  zone.addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    depth = 0;
    form.classList.remove("over");
    take(event.dataTransfer.files);
  });

  let queue = Promise.resolve();
  function take(files) {
    for (const file of files) {
      const row = newRow(file);
      queue = queue.then(() => send(file, row));
    }
  }

  function newRow(file) {
    const row = rowTemplate.content.firstElementChild.cloneNode(true);
    row.querySelector("[data-name]").textContent = file.name;
    list.append(row);
    const part = (name) => row.querySelector(`[data-${name}]`);
    const cancelled = new AbortController();
    part("cancel").addEventListener("click", () => cancelled.abort());
    part("dismiss").addEventListener("click", () => row.remove());
    return { part, signal: cancelled.signal };
  }

  function send(file, { part, signal }) {
    const say = (text) => (part("state").textContent = text);
    const end = () => {
      part("progress").hidden = true;
      part("cancel").hidden = true;
      part("dismiss").hidden = false;
    };
    if (signal.aborted) {
      say("Cancelled.");
      end();
      return;
    }
    if (file.size > maxBytes) {
      say(`Too large: ${megabytes(file.size)}, and this server takes packages up to ${megabytes(maxBytes)}.`);
      end();
      return;
    }
    return new Promise((done) => {
      const request = new XMLHttpRequest();
      request.open("POST", form.action);
      request.setRequestHeader("X-Lyceum-Part", "report");
      request.upload.addEventListener("progress", ({ loaded, total }) => {
        part("progress").value = loaded / total;
        say(loaded < total ? `${megabytes(loaded)} of ${megabytes(total)}` : "Reading the package…");
      });
      request.upload.addEventListener("load", () => part("progress").removeAttribute("value"));
      request.addEventListener("load", () => {
        const isPage = request.getResponseHeader("Content-Type")?.startsWith("text/html");
        if (isPage) part("report").innerHTML = request.responseText;
        if (request.status === 200) refresh();
        say(isPage ? "" : request.responseText);
      });
      request.addEventListener("error", () => say("The connection broke. Nothing was imported; try again."));
      request.addEventListener("abort", () => say("Cancelled. Nothing was imported."));
      request.addEventListener("loadend", () => {
        end();
        done();
      });
      signal.addEventListener("abort", () => request.abort());
      const body = new FormData();
      body.append("package", file);
      request.send(body);
    });
  }

  // The list on the page shows what is there now.
  async function refresh() {
    const answer = await fetch(location.href);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const [now, shown] = [page, document].map((of) => of.querySelector("[data-now]"));
    if (!now || !shown) return;
    localise(now);
    shown.replaceWith(document.adoptNode(now));
  }

  function megabytes(bytes) {
    return bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
  }
}
