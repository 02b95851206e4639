/**
 * Rows of several results, those that are the same beside each other: in the order of the last result, what only an
 * earlier one has stands where it stood.
 *
 * @param {Object[][]} results rows of each result
 * @param {(row: Object) => any} keyOf what makes two rows the same; nothing: a row of its own
 * @returns {{ row: Object, all: (Object|undefined)[] }[]} what is common to a row, and the row of each result
 */
export function sideBySide(results, keyOf) {
    const merged = [];
    const known = new Map();
    for (const [index, rows] of [...results.entries()].reverse()) {
        let at = 0;
        for (const row of rows) {
            const key = keyOf(row);
            let line = key && known.get(key);
            if (line) {
                at = merged.indexOf(line) + 1;
            } else {
                line = { row, all: results.map(() => undefined) };
                merged.splice(at, 0, line);
                at += 1;
                if (key) {
                    known.set(key, line);
                }
            }
            line.all[index] = row;
        }
    }
    return merged;
}
