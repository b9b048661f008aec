import { bytes } from '../format/bytes.ts'
import { count, counted, share } from '../format/numbers.ts'
import { instant } from '../format/times.ts'

/** The page of imports: keys of tokens that another product has issued. */
export const imports = {
  tab: 'Imports',
  open: 'Import…',
  caption: 'Imports of keys, the newest first',
  begin: 'Import keys',
  force: {
    room: (keys: number) =>
      keys === 0
        ? 'No more key fits into the quota'
        : `${counted(keys, 'more key')} ${keys === 1 ? 'fits' : 'fit'} into the quota`,
    tokens: 'imported tokens work as they are',
    limits: 'a file has at most 1 GiB and 2,000,000 lines',
  },
  started: (at: string) => instant(Date.parse(at)),
  unknown: 'Unknown import',
  name: (at: string) => `Import of ${instant(Date.parse(at))}`,
  columns: {
    started: 'Started',
    state: 'State',
    lines: 'Lines',
    made: 'Keys made',
    refused: 'Refused',
    by: 'Started by',
    ended: 'Ended',
  },
  states: {
    receiving: 'File arrives',
    running: 'Making keys',
    done: 'Done',
    stopped: 'Stopped',
    failed: 'Failed',
  },
  share: (read: number, lines: number) => share(Math.floor((100 * read) / lines), 100),
  unknownYet: 'Not known yet',
  underWay: 'Under way',
  rest: (made: number, refused: number) =>
    refused === 0 ? counted(made, 'key') : `${counted(made, 'key')} · ${count(refused)} refused`,
  loaded: (loaded: number, isAll: boolean) =>
    isAll ? counted(loaded, 'import') : `${counted(loaded, 'import')} loaded`,
  empty: {
    title: 'No import yet',
    text: 'Your callers have tokens of another product? Import the tokens, or only the SHA-256 of each, and the callers notice nothing. Choose a file here, or send it from a shell:',
    command: (organization: string) =>
      `curl ${location.origin}/v1/organizations/${organization}/imports \\\n  -H "authorization: Bearer $OWNER" -H 'content-type: text/csv' --data-binary @keys.csv`,
    filteredTitle: 'No import fits',
    filteredText: 'Imports are kept for 90 days.',
    clear: 'Show all imports',
  },
  form: {
    title: 'Import keys',
    about: 'The same tokens work here, and callers change nothing.',
    file: 'File',
    drop: 'Drop a file here, or',
    choose: 'Choose file',
    chooseOther: 'Choose another file',
    chosen: (name: string, size: number) => `${name}, ${bytes(size)}`,
    format: 'Format',
    formats: { csv: 'CSV', ndjson: 'NDJSON' },
    formatHints: {
      csv: 'UTF-8 with a header, separated by commas (RFC 4180). Empty cells count as left out.',
      ndjson: 'UTF-8 with one JSON object on each line.',
    },
    example: 'Example',
    saveExample: 'Save the example',
    exampleFile: (format: string) => `keys-example.${format}`,
    examples: {
      csv: 'name,token,environment,consumer,labels\nOrders of Northwind,nw-4fT0Qm2ZrX9bLk7A81c3,prod,mobile-app,"{""team"":""orders""}"\nNightly build,ci-93b1f0a27d6e4c58ab12,test,,\n',
      ndjson:
        '{"name":"Orders of Northwind","token":"nw-4fT0Qm2ZrX9bLk7A81c3","environment":"prod","consumer":"mobile-app","labels":{"team":"orders"}}\n{"name":"Nightly build","token":"ci-93b1f0a27d6e4c58ab12","environment":"test"}\n',
    },
    fields: 'Columns',
    fieldsOf: { csv: 'Columns of the file', ndjson: 'Fields of each line' },
    fieldColumn: 'Name',
    wordColumn: 'Content',
    fieldWords: {
      name: 'The name of the key. Required.',
      token: 'The token: 8 to 512 visible ASCII characters without a comma.',
      sha256:
        'Instead of the token, its SHA-256 in 64 hexadecimal digits. The token then never leaves your old system.',
      type: '“secret”, also if left out, or “public”.',
      environment:
        'The only environment where the key works. Left out: that of the consumer, or all of them.',
      consumer: 'The calling system: its name in that environment, or its id.',
      roles: 'In CSV separated by spaces or semicolons; in NDJSON a list.',
      status: '“active”, also if left out, or “inactive”.',
      expiresAt: 'Such as 2027-01-31T00:00:00Z. Left out: never.',
      labels: 'An object such as {"team":"orders"}; in CSV as JSON in quotation marks.',
      hint: 'What lists show of the token. Left out: the last four characters of a long one.',
    },
    safe: 'Tokens are not kept: each becomes its SHA-256 while the file arrives. Delete the file when you are done.',
    effect:
      'Each line that is in order makes a key, which works at once. A line that is not hinders no other.',
    submit: 'Import keys',
    noFile: 'Choose a file first',
    other: 'A file for another organization is on its way. Wait until it has arrived.',
  },
  head: {
    found: (fields: readonly string[]) => `It has ${fields.join(', ')}.`,
    inOrder: 'The beginning of the file is in order',
    fault: 'The server will refuse this file',
    unreadable: 'This file cannot be sent',
    lines: 'The server will refuse such lines',
    faults: {
      empty: 'It is empty. Begin with a header, such as name,token.',
      spreadsheet: 'It is a workbook of a spreadsheet program. Save it as “CSV UTF-8”, and choose that file.',
      compressed: 'It is compressed. Unpack it first.',
      encoding: 'Its text is not UTF-8. Save it as “CSV UTF-8”, or convert it.',
      separator: 'Its header is not separated by commas. Save it as CSV with commas.',
      unreadable: 'It cannot be read. It may have been moved, or it is a folder. Choose it again.',
      json: 'A line is not a JSON object. NDJSON has one object on each line, with no list around them.',
    },
    unknown: (position: number, name: string | undefined, meant: string | undefined) => {
      const which = name === undefined ? `Column ${position}` : `“${name}”`
      return meant === undefined
        ? `${which} is not known here. Remove it.`
        : `${which} is called ${meant} here.`
    },
    moreUnknown: (columns: number) => `${counted(columns, 'more column')} unknown here.`,
    missing: (any: readonly string[]) => `There is no ${any.join(' and no ')}.`,
    room: (keys: number) =>
      keys === 0
        ? 'The quota of keys is used up, so that every line will be refused. Ask the operator to raise it.'
        : `The quota has room for ${counted(keys, 'more key')}. Lines beyond that are refused.`,
  },
  upload: {
    title: (name: string) => `Sending ${name}`,
    bar: 'Sent of the file',
    sent: (sent: number, all: number) => `${bytes(sent)} of ${bytes(all)}`,
    checking: 'The file has left the browser. The server reads it to its end.',
    stays: 'You can look at other pages meanwhile. Do not close this one.',
    cancel: 'Cancel',
    failed: (name: string) => `${name} did not arrive`,
    lost: (name: string) => `It is not known whether ${name} arrived`,
    again: 'Try again: if it has arrived already, no second import begins, and no key is made twice.',
    unreadable: 'The file cannot be read any more',
    unreadableNext: 'The file was changed, moved or removed after it was chosen. Choose it again.',
    nothing: 'Nothing of it stays on the server, and no key was made.',
    other: 'Choose another file',
    arrived: (name: string) => `${name} has arrived. Its keys are being made`,
    show: 'Show',
  },
  panel: {
    progress: 'Progress',
    bar: 'Lines that are done',
    receiving: 'The file is on its way. No key is made before all of it has arrived.',
    lines: (read: number, lines: number) => `${count(read)} of ${counted(lines, 'line')}`,
    made: (keys: number) => `${counted(keys, 'key')} made`,
    refused: (lines: number) => `${counted(lines, 'line')} refused`,
    facts: 'Details',
    started: 'Started',
    by: 'Started by',
    ended: 'Ended',
    problems: 'Refused lines',
    problemsOf: (lines: number) => `Refused lines: ${count(lines)}`,
    save: 'Save as CSV',
    file: (id: string) => `refused-lines-${id}.csv`,
    fileColumns: ['line', 'problem'],
    lineColumn: 'Lines',
    problemColumn: 'Problem',
    whole: 'All',
    moreLines: (lines: number) => `and ${count(lines)} more`,
    first: (shown: number, all: number) =>
      `The first ${count(shown)} of ${count(all)} are kept. Correct these, and send the file again for the others.`,
    again:
      'Correct these lines and send the whole file again. A token that is a key already makes no second one.',
    moreReasons: (reasons: number) => `Show ${counted(reasons, 'more reason')}`,
    next: 'What now',
    inForce: (keys: number) =>
      `${counted(keys, 'key')} ${keys === 1 ? 'works' : 'work'} on every gateway, with the tokens that callers have.`,
    none: 'No key was made.',
    nextKeys: 'See the newest keys',
    nextUnused: 'See which keys no caller has used here yet',
    nextAudit: 'See the import in the audit log',
    nextRoll: 'Roll keys whose tokens are short or guessable first: a SHA-256 does not hide them.',
    nextDelete: 'Delete the file with the tokens.',
    nextAge: 'The age of the keys counts from now, whatever their age was elsewhere.',
    stop: 'Stop…',
  },
  stop: {
    title: 'Stop this import?',
    text: 'Keys that it has made stay, and work. The other lines make none. You can send the file again later.',
    submit: 'Stop import',
    done: 'The import is stopped',
  },
}
