/** A place in JSONata's script, and the text that replaces it. The replacement may contain the place as `$&`. */
type Change = readonly [place: string, replacement: string]

/**
 * The places where JSONata looks at a number. Everywhere else it copies values without looking at them.
 *
 * `exactNumbers` is the object that sandbox-numbers.ts defines in the sandbox.
 */
const CHANGES: readonly Change[] = [
  // utils.isNumeric
  [
    `        }
        return isNum;`,
    `        } else isNum = exactNumbers.is(n);
        return isNum;`,
  ],
  // utils.isDeepEqual: `=`, `!=` and $distinct
  [
    `        if (lhs === rhs) {
            return true;
        }
`,
    `$&        if (exactNumbers.is(lhs) || exactNumbers.is(rhs)) return exactNumbers.equals(lhs, rhs);
`,
  ],
  // The operator `in`
  ['if(rhs[i] === lhs) {', 'if(rhs[i] === lhs || exactNumbers.equals(rhs[i], lhs)) {'],
  // `<`, `<=`, `>` and `>=`
  [
    `    function evaluateComparisonExpression(lhs, rhs, op) {
        var result;
`,
    `$&        [lhs, rhs] = exactNumbers.comparable(lhs, rhs);
`,
  ],
  // The order-by operator, and $sort without a function
  [
    '                var atype = typeof aa;\n',
    '                [aa, bb] = exactNumbers.comparable(aa, bb);\n$&',
  ],
  ['                return a > b;\n', '                [a, b] = exactNumbers.comparable(a, b);\n$&'],
  // `+`, `-`, `*`, `/` and `%`
  [
    '                result = lhs + rhs;\n',
    '                result = exactNumbers.calculate(lhs, rhs, op);\n',
  ],
  [
    '                result = lhs - rhs;\n',
    '                result = exactNumbers.calculate(lhs, rhs, op);\n',
  ],
  [
    '                result = lhs * rhs;\n',
    '                result = exactNumbers.calculate(lhs, rhs, op);\n',
  ],
  [
    '                result = lhs / rhs;\n',
    '                result = exactNumbers.calculate(lhs, rhs, op);\n',
  ],
  [
    '                result = lhs % rhs;\n',
    '                result = exactNumbers.calculate(lhs, rhs, op);\n',
  ],
  [
    `            total += num;
        });
        return total;`,
    `            total = exactNumbers.calculate(total, num, '+');
        });
        return total;`,
  ],
  // The operator `..`
  [
    `    function evaluateRangeExpression(lhs, rhs, environment) {
        var result;
`,
    `$&        lhs = exactNumbers.counted(exactNumbers.plain(lhs));
        rhs = exactNumbers.counted(exactNumbers.plain(rhs));
`,
  ],
  // $boolean, and every condition
  [
    `        } else if (isNumeric(arg)) {
            if (arg !== 0) {`,
    `        } else if (isNumeric(arg)) {
            if (exactNumbers.isNotZero(arg)) {`,
  ],
  // $number
  [
    `        if (typeof arg === 'number') {
            // already a number`,
    `        if (typeof arg === 'number' || exactNumbers.is(arg)) {
            // already a number`,
  ],
  ['result = parseFloat(arg);', 'result = exactNumbers.parseNumber(arg);'],
  ['result = Number(arg);', 'result = exactNumbers.parseNumber(arg);'],
  // $string writes a result with the digits that JavaScript writes, not with 15 of them
  ['return val.toPrecision && !Number.isInteger(val) ? Number(val.toPrecision(15)) : val;', 'return val;'],
  // $parseInteger. Dates read the parts of theirs with the same code, and compute with them
  [
    '                        return parseInt(digits);\n',
    '                        return exactNumbers.parseDigits(digits);\n',
  ],
  [
    '        const result = matchSpec.parse(value);\n        return result;',
    '        return exactNumbers.counted(matchSpec.parse(value));',
  ],
  // $formatInteger
  [`formattedInteger = '' + value;`, 'formattedInteger = exactNumbers.fixed(value, 0);'],
  ['numberToWords(value, format.ordinal)', 'numberToWords(exactNumbers.counted(value), format.ordinal)'],
  // $formatNumber
  ['adjustedNumber = value * 100;', 'adjustedNumber = exactNumbers.shifted(value, 2);'],
  ['adjustedNumber = value * 1000;', 'adjustedNumber = exactNumbers.shifted(value, 3);'],
  ['var str = Math.abs(value).toFixed(dp);', 'var str = exactNumbers.fixed(Math.abs(value), dp);'],
  // $formatBase
  ['var result = value.toString(radix);', 'var result = exactNumbers.inBase(value, radix);'],
  // $power
  ['result = Math.pow(arg, exp);', 'result = exactNumbers.power(arg, exp);'],
  // $fromMillis
  [
    '        return formatDateTime.call(this, millis, picture, timezone);',
    '        return formatDateTime.call(this, exactNumbers.instant(millis), picture, timezone);',
  ],
  // $spread
  [
    `        } else if (arg !== null && typeof arg === 'object' && !isLambda(arg)) {
            for (const key of utils.keys(arg)) {`,
    `        } else if (arg !== null && typeof arg === 'object' && !isLambda(arg) && !exactNumbers.is(arg)) {
            for (const key of utils.keys(arg)) {`,
  ],
  // $clone, which the transform operator calls
  ['return JSON.parse(fn.string(arg));', 'return exactNumbers.parseJson(fn.string(arg));'],
  // The update of the transform operator
  [
    "if(updateType !== 'object' || update === null || Array.isArray(update)) {",
    "if(updateType !== 'object' || update === null || Array.isArray(update) || exactNumbers.is(update)) {",
  ],
  // Signatures of functions: what is declared as a number becomes one, everything else is passed on
  [
    `                            symbol = 'l';
                        } else`,
    `$& if (exactNumbers.is(value)) {
                            symbol = 'n';
                        } else`,
  ],
  [
    `                    return validatedArgs;
                }
                throwValidationError(args, suppliedSig);`,
    `                    params.forEach(function (param, index) {
                        if (param.type === 'n' || param.subtype === 'n') {
                            validatedArgs[index] = exactNumbers.plainAll(validatedArgs[index]);
                        }
                    });
$&`,
  ],
  // Numbers in the text of an expression
  ['if (!isNaN(num) && isFinite(num)) {', 'if (exactNumbers.isHeld(match[0])) {'],
]

/**
 * Changes JSONata's script so that numbers keep their text.
 *
 * @param source the script of the version of JSONata that package.json pins
 * @throws Error if the script has one of the places not exactly once: then it is another version
 */
export function exactLibrary(source: string): string {
  let changed = source
  for (const [place, replacement] of CHANGES) {
    const parts = changed.split(place)
    if (parts.length !== 2) throw new Error(`JSONata's script has ${parts.length - 1} times: ${place}`)
    changed = parts.join(replacement.replace('$&', () => place))
  }
  return changed
}
