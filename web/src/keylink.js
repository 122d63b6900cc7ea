// The secret of an organization-key link stands behind the # of its address,
// which browsers send to no server. From the page of the link it goes into the
// form there; before that, it is carried along through signing in.
export function startKeyLink() {
  const secret = location.hash.slice(1);
  if (!secret) return;
  const field = document.querySelector("input[name=secret][data-from-hash]");
  if (field) {
    field.value = secret;
    field.closest(".field")?.setAttribute("hidden", "");
    history.replaceState(null, "", location.pathname + location.search);
    return;
  }
  for (const link of document.querySelectorAll("a[data-keep-hash]")) link.hash = location.hash;
  const form = document.querySelector("form[data-keep-hash]");
  if (form) form.action += location.hash;
}
