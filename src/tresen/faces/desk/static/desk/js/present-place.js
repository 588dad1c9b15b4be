// The column of places, on a phone a strip, begins where the present one is to be seen.
document.querySelector(".views [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
