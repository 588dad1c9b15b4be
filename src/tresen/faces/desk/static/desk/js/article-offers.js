// Articles beside a ticket: a button puts one into the answer where the caret is. Without this module its form does.
import { announce, faultText, toast } from "../../kit/js/announce.js";

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-article]");
  const composer = document.getElementById("composer");
  if (!button || !composer?.insert) return;
  event.preventDefault();
  try {
    const answer = await fetch(button.dataset.article);
    if (!answer.ok) throw new Error();
    const { text, said } = await answer.json();
    composer.show("reply");
    const area = composer.area("reply");
    area.focus();
    composer.insert((/\S$/.test(area.value) ? "\n\n" : "") + text, "reply");
    announce(said);
  } catch {
    toast(faultText("failed"), { stays: true });
  }
});
