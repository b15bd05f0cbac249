/* The server's clock at the foot of the year keeps time between two pages: lateness is judged by it, not by ours. */

export function startClock() {
  const shown = document.querySelector("[data-server-time]");
  const clock = shown?.querySelector(".clock");
  if (!clock) return;
  // Only the difference to the moment of loading is ours; hour and minute stay those the server wrote.
  const [hour, minute] = clock.textContent.split(":").map(Number);
  const loaded = Date.now();
  const seconds = new Date(shown.dateTime).getSeconds();

  setInterval(() => {
    const passed = Math.floor(((Date.now() - loaded) / 1000 + seconds) / 60);
    const now = (hour * 60 + minute + passed) % (24 * 60);
    clock.textContent = [Math.floor(now / 60), now % 60].map((part) => String(part).padStart(2, "0")).join(":");
  }, 5000);
}
