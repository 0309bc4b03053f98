"use strict";
// What arms come to where the levers stand: the sum of trafficsim.results.levers, term by term in the same order.
const levers = (() => {
  const data = JSON.parse(document.getElementById("levers-data").textContent);
  const section = document.getElementById("levers");
  const values = data.levers.map((lever) => lever.value);
  const SVG = "http://www.w3.org/2000/svg";
  const POINTS = 41;  // of a curve
  const LEAST_ROOM = 15;  // pixels between two labels
  let moved = 0;  // the lever that the picture goes along

  const share = (lever, value) => lever.log
    ? Math.log(value / lever.low) / Math.log(lever.high / lever.low)
    : (value - lever.low) / (lever.high - lever.low);

  for (const surface of data.surfaces) {
    const bytes = Uint8Array.from(atob(surface.weights), (letter) => letter.charCodeAt(0));
    surface.weights = new Float64Array(bytes.buffer);  // replicate by replicate, a weight for each point
  }

  // The sum of bells of each replicate at a point, given by the share of each lever.
  function sums(surface, here) {
    const { lengths, weights } = surface;
    const found = new Float64Array(data.replicates);
    data.at.forEach((point, i) => {
      let apart = 0;
      for (let j = 0; j < here.length; j++) {
        const far = (point[j] - here[j]) / lengths[j];
        apart += far * far;
      }
      const bell = Math.exp(-0.5 * apart);
      for (let r = 0; r < found.length; r++) found[r] += weights[r * data.at.length + i] * bell;
    });
    return found;
  }

  const shares = (at) => data.levers.map((lever, n) => share(lever, at[n]));
  for (const surface of data.surfaces) surface.stand = sums(surface, shares(values));
  const mean = (numbers) => numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
  function deviation(numbers) {
    const middle = mean(numbers);
    return Math.sqrt(numbers.reduce((sum, each) => sum + (each - middle) ** 2, 0) / (numbers.length - 1));
  }

  // What a number comes to that began somewhere and changed by so much in each replicate: its middle, and how far its
  // interval reaches.
  // Where the scenario stands nothing is foretold: the comparison was run there.
  function interval(started, changes, [reach, error], moved) {
    return { middle: started + mean(changes), half: reach + moved * error + data.times * deviation(changes) };
  }

  const changesOf = (surface, here) => sums(surface, here).map((sum, r) => sum - surface.stand[r]);
  // All surfaces where the levers stand at these values: the changes of replicates, middle and half of each interval.
  function foretold(at) {
    const here = shares(at);
    const moved = data.levers.some((lever, n) => at[n] !== lever.value);
    return data.surfaces.map((surface) => {
      const changes = changesOf(surface, here);
      return { changes, moved, ...interval(surface.started, changes, [surface.reach, surface.error], moved) };
    });
  }

  const profitOf = (arm) => data.surfaces.findIndex((s) => s.arm === arm && data.metrics[s.metric] === "profit");
  // How far an arm leads another.
  function leading(found, a, b) {
    const [one, other] = [profitOf(a), profitOf(b)];
    const [, , ...reach] = data.leads.find(([x, y]) => (x === a && y === b) || (x === b && y === a));
    const changes = found[one].changes.map((change, r) => change - found[other].changes[r]);
    return interval(data.surfaces[one].started - data.surfaces[other].started, changes, reach, found[one].moved);
  }

  // Three digits that matter, as trafficsim.words.rounding has them.
  function short(value, sign = false) {
    const size = Math.abs(value);
    let scale = [1, ""];
    if (size >= 10000) scale = data.scales.find(([by]) => size < data.below * by) ?? data.scales.at(-1);
    const shown = value / scale[0];
    const places = Number.isInteger(shown) ? 0 : Math.min(3, Math.max(0, 2 - Math.floor(Math.log10(Math.abs(shown)))));
    const text = shown.toLocaleString("en-US", { minimumFractionDigits: places, maximumFractionDigits: places });
    const plain = /^-[0.]*$/.test(text) ? text.slice(1) : text;
    return (sign && value > 0 && !/^[0.]*$/.test(plain) ? "+" : "") + plain + scale[1];
  }

  const put = (text, names) => text.replace(/\{(\w+)\}/g, (_, name) => names[name]);
  const money = (value) => put(data.words.money, { amount: short(value) }).replace(/([万亿]) /, " $1");
  // Two limits; Chinese names a scale that both have once, behind them.
  function limits(middle, half) {
    const [low, high] = [short(middle - half), short(middle + half)];
    const scale = /[万亿]$/.exec(high)?.[0];
    return { low: scale && low.endsWith(scale) ? low.slice(0, -1) : low, high };
  }
  const between = (middle, half) => put(data.words.range, limits(middle, half));
  const plain = (value) => Number(value.toPrecision(12)).toLocaleString("en-US", { maximumSignificantDigits: 6 });

  function sentence(found) {
    const profit = (arm) => found[profitOf(arm)];
    const [best, other] = data.arms.map((_, arm) => arm).sort((a, b) => profit(b).middle - profit(a).middle);
    const { middle, half } = profit(best);
    const said = { best: data.arms[best].name, profit: money(middle), ...limits(middle, half) };
    if (other === undefined) return put(data.words.alone, said);
    const lead = leading(found, best, other);
    Object.assign(said, { other: data.arms[other].name, lead: money(lead.middle) });
    const { low: least, high: most } = limits(lead.middle, lead.half);
    Object.assign(said, { least, most });
    return put(lead.middle > lead.half ? data.words.ahead : data.words.close, said);
  }

  function fill(found) {
    document.getElementById("levers-answer").textContent = sentence(found);
    data.surfaces.forEach((surface, n) => {
      const cell = document.getElementById(`lever-${surface.arm}-${surface.metric}`);
      cell.firstElementChild.textContent = short(found[n].middle);
      cell.lastElementChild.textContent = between(found[n].middle, found[n].half);
    });
  }

  function element(name, attributes, text = "") {
    const found = document.createElementNS(SVG, name);
    for (const key in attributes) found.setAttribute(key, attributes[key]);
    found.textContent = text;
    return found;
  }

  // Round numbers that an axis between two ends is labelled with.
  function ticks(low, high) {
    const rough = (high - low) / 4;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map((m) => m * power).find((each) => each >= rough);
    const found = [];
    for (let k = Math.ceil(low / step); k * step <= high; k++) found.push(k * step);
    return found;
  }

  // Labels one below another where lines end, each as near to its line as there is room.
  function spread(ends) {
    ends.sort((a, b) => a.y - b.y);
    for (let round = 0; round < 20; round++) {
      for (let k = 1; k < ends.length; k++) {
        const lacking = LEAST_ROOM - (ends[k].y - ends[k - 1].y);
        if (lacking > 0.01) { ends[k - 1].y -= lacking / 2; ends[k].y += lacking / 2; }
      }
    }
    return ends;
  }

  // Profit of all arms along the lever that was moved last, all others where they stand.
  function draw(found) {
    const svg = document.getElementById("levers-picture");
    const width = Math.max(300, svg.parentElement.clientWidth);
    const tall = 280, left = 58, right = width < 480 ? 84 : 120, top = 24, bottom = 44;
    const lever = data.levers[moved];
    const along = Array.from({ length: POINTS }, (_, k) => {
      const s = k / (POINTS - 1);
      return lever.log ? lever.low * (lever.high / lever.low) ** s : lever.low + s * (lever.high - lever.low);
    });
    const lines = data.arms.map((_, arm) => along.map((value) => {
      const at = values.slice();
      at[moved] = value;
      const surface = data.surfaces[profitOf(arm)];
      return surface.started + mean(changesOf(surface, shares(at)));
    }));
    const here = data.arms.map((_, arm) => found[profitOf(arm)]);
    const ends = here.flatMap(({ middle, half }) => [middle - half, middle + half]);
    let low = Math.min(...lines.flat(), ...ends), high = Math.max(...lines.flat(), ...ends);
    if (high - low < 1e-9) { low -= 1; high += 1; }
    const x = (s) => left + s * (width - left - right);
    const y = (v) => tall - bottom - (v - low) / (high - low) * (tall - top - bottom);
    svg.setAttribute("viewBox", `0 0 ${width} ${tall}`);
    svg.setAttribute("height", tall);
    svg.replaceChildren();
    svg.append(element("text", { x: 0, y: 12, class: "axis" }, data.profit));
    for (const tick of ticks(low, high)) {
      svg.append(element("line", { x1: left, x2: x(1), y1: y(tick), y2: y(tick), stroke: "#e3e3e3" }));
      svg.append(element("text", { x: left - 6, y: y(tick) + 4, class: "axis", "text-anchor": "end" }, short(tick)));
    }
    const marks = lever.log ? [0, 0.25, 0.5, 0.75, 1].map((s) => lever.low * (lever.high / lever.low) ** s) : ticks(lever.low, lever.high);
    for (const mark of marks) {
      const told = lever.log ? Number(mark.toPrecision(2)) : mark;
      svg.append(element("text", { x: x(share(lever, mark)), y: tall - bottom + 18, class: "axis", "text-anchor": "middle" }, plain(told)));
    }
    svg.append(element("text", { x: x(0.5), y: tall - 6, class: "axis", "text-anchor": "middle" }, lever.label));
    const now = x(share(lever, values[moved]));
    svg.append(element("line", { x1: now, x2: now, y1: top, y2: tall - bottom, stroke: "#666", "stroke-dasharray": "3 3" }));
    const labels = [];
    data.arms.forEach((arm, n) => {
      const path = lines[n].map((value, k) => `${k ? "L" : "M"}${x(k / (POINTS - 1)).toFixed(1)} ${y(value).toFixed(1)}`).join("");
      svg.append(element("path", { d: path, fill: "none", stroke: arm.colour, "stroke-width": 2 }));
      const { middle, half } = here[n];
      const beside = now + (n - (data.arms.length - 1) / 2) * 5;
      svg.append(element("line", { x1: beside, x2: beside, y1: y(middle - half), y2: y(middle + half), stroke: arm.colour, "stroke-width": 3 }));
      labels.push({ y: y(lines[n].at(-1)) + 4, arm });
    });
    for (const { y: at, arm } of spread(labels)) {
      svg.append(element("text", { x: x(1) + 8, y: at, fill: arm.colour, class: "arm" }, arm.name));
    }
  }

  function show() {
    const found = foretold(values);
    fill(found);
    draw(found);
    data.levers.forEach((lever, n) => {
      document.getElementById(`lever-value-${n}`).textContent = plain(values[n]);
    });
  }

  const position = (lever, value) => lever.log ? 1000 * share(lever, value) : value;
  function value(lever, at) {
    if (!lever.log) return at;
    const found = Number((lever.low * (lever.high / lever.low) ** (at / 1000)).toPrecision(3));
    return Math.min(lever.high, Math.max(lever.low, lever.whole ? Math.round(found) : found));
  }

  function set(n, to) {
    values[n] = to;
    moved = n;
    show();
  }

  data.levers.forEach((lever, n) => {
    const input = document.getElementById(`lever-${n}`);
    input.min = lever.log ? 0 : lever.low;
    input.max = lever.log ? 1000 : lever.high;
    input.step = lever.log ? 5 : "any";
    input.value = position(lever, lever.value);
    input.addEventListener("input", () => {
      let to = value(lever, Number(input.value));
      if (!lever.log) {  // steps from the lowest value on, which the scenario's own need not be one of
        to = Math.min(lever.high, lever.low + Math.round((to - lever.low) / lever.step) * lever.step);
        to = Number(to.toPrecision(12));
      }
      set(n, to);
    });
    input.addEventListener("keydown", (event) => {
      const way = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
      if (!way || lever.log) return;  // without steps of its own, an arrow key would hardly move it
      event.preventDefault();
      const to = Math.min(lever.high, Math.max(lever.low, values[n] + way * lever.step));
      input.value = to;
      set(n, Number(to.toPrecision(12)));
    });
  });
  document.getElementById("levers-reset").addEventListener("click", () => {
    data.levers.forEach((lever, n) => {
      values[n] = lever.value;
      document.getElementById(`lever-${n}`).value = position(lever, lever.value);
    });
    show();
  });
  addEventListener("resize", show);
  section.hidden = false;
  show();
  return { data, foretold, leading, set, short, values };
})();
