/* What makes the pages better where scripts run. Every page works without them. */

import { startMenus } from "./menus.js";
import { startLook } from "./look.js";
import { startDrawer } from "./drawer.js";
import { startKeys } from "./keys.js";
import { startFind } from "./find.js";
import { startToasts } from "./toasts.js";
import { startClock } from "./clock.js";
import { startDialogs } from "./dialogs.js";
import { startMargins } from "./margin.js";
import { startTrouble } from "./trouble.js";

document.documentElement.classList.remove("no-script");

startMenus();
startLook();
startDrawer();
startKeys();
startFind();
startToasts();
startClock();
startDialogs();
startMargins();
startTrouble();
