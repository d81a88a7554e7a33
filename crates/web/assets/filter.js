// Narrows a table while one types. Without this module the form asks the server.

for (const input of document.querySelectorAll("input[data-filter]")) {
  const rows = [...document.querySelectorAll(input.dataset.filter)];
  const groups = new Set(rows.map((row) => row.closest("details")).filter(Boolean));
  const told = document.querySelector(input.dataset.told);
  const apply = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
      shown += !row.hidden;
    }
    for (const group of groups) {
      group.hidden = words.length > 0 && !group.querySelector("tr[data-row]:not([hidden])");
      if (words.length > 0 && !group.hidden) group.open = true;
    }
    if (told) told.textContent = words.length ? `${shown} of ${rows.length}` : `${rows.length}`;
  };
  input.addEventListener("input", apply);
  if (input.value) apply();
}
