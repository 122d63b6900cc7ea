// What a user calls the things of a page. It is put before the questions that
// the tests ask a page, and leaves nothing in it.
((within) => {
  const clean = (s) => s.replace(/\s+/g, " ").trim();
  const visible = (e) => e.checkVisibility({ visibilityProperty: true }) && e.getClientRects().length > 0;
  const words = (e) => {
    const copy = e.cloneNode(true);
    copy.querySelectorAll("kbd, .count, .optional, [aria-hidden=true], svg").forEach((x) => x.remove());
    return clean(copy.textContent);
  };
  const name = (e) => clean(e.getAttribute("aria-label") ?? "") || words(e);
  const root = () => {
    const dialog = [...document.querySelectorAll("dialog[open]")].at(-1);
    if (within) return document.querySelector(within);
    return dialog ?? document.body;
  };
  const all = (selector) => [...(root()?.querySelectorAll(selector) ?? [])].filter((e) => visible(e) && !e.closest("[aria-hidden=true]"));
  const pressable = "a[href], button, summary, [role=option], input[type=submit], label, input[type=checkbox], input[type=radio]";
  return {
    text: () => clean(root()?.innerText ?? ""),
    sees: (text) => clean(root()?.innerText ?? "").toLowerCase().includes(clean(text).toLowerCase()),
    names: () => all(pressable).map(name),
    press: (wanted) => all(pressable).find((e) => name(e) === wanted) ?? null,
    field: (wanted) => {
      for (const label of all("label")) {
        if (words(label) === wanted) return document.getElementById(label.htmlFor);
      }
      return all("input, select, textarea").find((e) => e.getAttribute("aria-label") === wanted) ?? null;
    },
    at: (e) => {
      e.scrollIntoView({ block: "center", inline: "nearest", behavior: "instant" });
      const box = e.getClientRects()[0];
      const x = box.left + box.width / 2, y = box.top + box.height / 2;
      const hit = document.elementFromPoint(x, y);
      return { x, y, free: Boolean(hit) && (e.contains(hit) || hit.contains(e)), cover: hit ? hit.outerHTML.slice(0, 160) : "nothing" };
    },
  };
})
