// What the pages gain from script. Every page works without it, but for
// copying, counting down and the search dialog.
import { startArrange } from "./arrange.js";
import { startArticle } from "./kbedit.js";
import { startColour } from "./colour.js";
import { startCopy } from "./copy.js";
import { startDialogs } from "./dialogs.js";
import { startDirty } from "./dirty.js";
import { startDrag } from "./drag.js";
import { startGenerator } from "./generating.js";
import { startKeyLink } from "./keylink.js";
import { startKeys } from "./keys.js";
import { startLink } from "./link.js";
import { startPasskey } from "./passkey.js";
import { startPair } from "./pair.js";
import { startPalette } from "./palette.js";
import { startPasswords } from "./passwords.js";
import { startPicture } from "./picture.js";
import { startPrint } from "./print.js";
import { startReveal } from "./reveal.js";
import { startRows } from "./rows.js";
import { startScroll } from "./scroll.js";
import { startSelect } from "./select.js";
import { startStorage } from "./storage.js";
import { startTheme } from "./theme.js";
import { startTimes } from "./times.js";
import { startToasts } from "./toast.js";
import { startTree } from "./kbtree.js";
import { startUsers } from "./users.js";

for (const start of [startArrange, startArticle, startColour, startCopy, startDialogs, startDirty, startDrag, startGenerator, startKeyLink, startKeys, startLink, startPair, startPalette, startPasskey,
  startPasswords, startPicture, startPrint, startReveal, startRows, startScroll, startSelect, startStorage, startTheme, startTimes, startToasts, startTree, startUsers]) start();
