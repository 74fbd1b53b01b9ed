// The page is complete without this script; with it, it is a deck. S opens the speaker's view.
document.getElementById("reveal").media = "screen";

// A phone held upright gets narrow slides as tall as its screen, with text that can be read.
function size() {
  const upright = innerWidth < 0.9 * innerHeight;
  document.documentElement.classList.toggle("upright", upright);
  return upright ? {width: 620, height: Math.round(620 * innerHeight / innerWidth)}
                 : {width: 1280, height: 720};
}

Reveal.initialize({
  ...size(),
  margin: 0,
  maxScale: 4,
  center: false,
  display: "flex",
  hash: true,
  transition: "none",
  scrollActivationWidth: null,
  plugins: [RevealNotes],
});
addEventListener("resize", () => Reveal.configure(size()));
