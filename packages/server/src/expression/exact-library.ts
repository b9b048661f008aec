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

/** A part of JSONata's script, from its first text until before the other, and what replaces it. */
type Section = readonly [from: string, until: string, replacement: string]

/**
 * What JSONata gets wrong about dates. `exactDates` is the object that sandbox-dates.ts defines in the sandbox.
 */
const DATE_SECTIONS: readonly Section[] = [
  // Offsets, when it writes a date
  [
    '        var offsetHours = 0;\n',
    '        var formatComponent =',
    '        const offset = exactDates.offsetMinutes(timezone, millis);\n',
  ],
  [
    '                // TODO §9.8.4.5',
    '            } else if',
    '                componentValue = exactDates.formatFraction(componentValue, markerSpec);\n',
  ],
  [
    '                // §9.8.4.6',
    "            } else if (markerSpec.component === 'P')",
    '                componentValue = exactDates.formatOffset(offset, markerSpec);\n',
  ],
  [
    '                // §9.8.4.7',
    '            }\n            return componentValue;',
    `                const first = componentValue.charAt(0);
                if (markerSpec.names === tcase.UPPER) componentValue = componentValue.toUpperCase();
                if (markerSpec.names === tcase.TITLE) componentValue = first.toUpperCase() + componentValue.substring(1);
                if (markerSpec.width) componentValue = componentValue.substring(0, markerSpec.width.max);
`,
  ],
  [
    '        const offsetMillis = (60 * offsetHours',
    "        let result = '';\n        formatSpec.parts",
    '        const dateTime = exactDates.local(millis, offset);\n',
  ],
  // Offsets, when it reads a date
  [
    '                    // timezone\n                    let separator;',
    "                } else if (part.component === 'f')",
    `                    res.regex = exactDates.offsetPattern(part);
                    res.parse = exactDates.parseOffset;
`,
  ],
  // The instant of a date that it has read
  [
    '        if (info !== null) {\n            // validate',
    '    }\n\n    // Regular expression to match an ISO 8601',
    '        return exactDates.instant(info, matchSpec.parts, this.environment.timestamp, getDateTimeFragment);\n',
  ],
  [
    '            if (!iso8601regex.test(timestamp))',
    '        } else {\n            return parseDateTime',
    '            return exactDates.parseIso(timestamp);\n',
  ],
]

const DATE_CHANGES: readonly Change[] = [
  ['const dateTime = (function () {\n', '$&    const Date = exactDates.Calendar;\n'],
  ['spec.push(def);', 'spec.push(exactDates.checked(def));'],
  // Two months whose short names are the same cannot be told apart
  [
    'lookup[name.substring(0, part.width.max)] = index + 1;',
    'lookup[name.substring(0, part.width.max)] = name.substring(0, part.width.max) in lookup ? NaN : index + 1;',
  ],
  [
    'lookup[name.substring(0, part.width.max)] = index;',
    'lookup[name.substring(0, part.width.max)] = name.substring(0, part.width.max) in lookup ? NaN : index;',
  ],
  ["lookup = {'am': 0, 'AM': 0, 'pm': 1, 'PM': 1};", "lookup = {'am': 0, 'pm': 1};"],
  ['return lookup[value];', 'return exactDates.parseName(value, lookup);'],
  [
    "return parseFloat('0.' + value.substring(0, 3)) * 1000;",
    "return Number(value.substring(0, 3).padEnd(3, '0'));",
  ],
  [
    '                res.component = part.component;\n',
    `$&                if (res.parse) {
                    const parse = res.parse;
                    res.parse = value => exactDates.check(parse(value), value, part, number => _formatInteger(number, part.integerFormat));
                }
`,
  ],
]

/**
 * Changes JSONata's script so that numbers keep their text, and dates are right or refused.
 *
 * @param source the script of the version of JSONata that package.json pins
 * @throws Error if the script has one of the places not exactly once: then it is another version
 */
export function exactLibrary(source: string): string {
  let changed = source
  for (const [from, until, replacement] of DATE_SECTIONS) {
    const [before, rest] = halves(changed, from)
    const end = rest.indexOf(until)
    if (end === -1) throw new Error(`JSONata's script lacks after ${from}: ${until}`)
    changed = before + replacement + rest.slice(end)
  }
  for (const [place, replacement] of [...CHANGES, ...DATE_CHANGES]) {
    changed = halves(changed, place).join(replacement.replace('$&', () => place))
  }
  return changed
}

/** @throws Error if the script has the place not exactly once */
function halves(script: string, place: string): readonly [before: string, after: string] {
  const [before = '', after = '', ...others] = script.split(place)
  if (after === '' || others.length > 0)
    throw new Error(`JSONata's script has ${script.split(place).length - 1} times: ${place}`)
  return [before, after]
}
