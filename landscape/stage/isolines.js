// Isolines: where heights on a grid pass a level, as lines in columns and rows, by marching squares
// (Lorensen and Cline, Marching cubes: A high resolution 3D surface construction algorithm, 1987, in two dimensions).

export function isolines(heights, rows, columns, levels) {
  return levels.flatMap((level) => joined(segments(heights, rows, columns, level)));
}

// Each segment has two ends {key, point}; the key names the edge of the grid that an end lies on.
function segments(heights, rows, columns, level) {
  const found = [];
  for (let row = 0; row < rows - 1; row++)
    for (let column = 0; column < columns - 1; column++) {
      const i = row * columns + column, corners = [i, i + 1, i + columns + 1, i + columns], ends = [];
      if (!corners.every((j) => Number.isFinite(heights[j]))) continue;
      for (let side = 0; side < 4; side++) {
        const a = corners[side], b = corners[(side + 1) % 4], [low, high] = a < b ? [a, b] : [b, a];
        if (heights[a] >= level === heights[b] >= level) continue;
        const part = (level - heights[low]) / (heights[high] - heights[low]), across = high === low + 1;
        const point = [(low % columns) + (across ? part : 0), Math.floor(low / columns) + (across ? 0 : part)];
        ends.push({ key: 2 * low + Number(across), point });
      }
      if (ends.length === 4) { // a saddle: which corners belong together is what the middle says
        const middle = corners.reduce((sum, j) => sum + heights[j], 0) / 4;
        if (heights[corners[0]] >= level !== middle >= level) ends.push(ends.shift());
      }
      for (let j = 0; j + 1 < ends.length; j += 2) found.push([ends[j], ends[j + 1]]);
    }
  return found;
}

// Segments that share an end become one line, so that it can be dashed.
function joined(segments) {
  const at = new Map(), used = new Set(), lines = [];
  for (const segment of segments)
    for (const { key } of segment) at.set(key, [...(at.get(key) ?? []), segment]);
  const walk = (segment, end) => {
    const points = [];
    for (let next = segment; next; ) {
      used.add(next);
      end = next[0].key === end.key ? next[1] : next[0];
      points.push(end.point);
      next = at.get(end.key).find((each) => !used.has(each));
    }
    return points;
  };
  for (const segment of segments) {
    if (used.has(segment)) continue;
    const on = walk(segment, segment[0]), first = at.get(segment[0].key).find((each) => !used.has(each));
    const back = first ? walk(first, segment[0]) : [];
    lines.push([...back.reverse(), segment[0].point, ...on]);
  }
  return lines;
}
