/** The panel that tries an expression on a sample message. */
export const expressionTrial = {
  open: 'Try an expression',
  about:
    'Evaluated as a step would, on a message that you write. Nothing is stored, and no secret can be read.',
  form: 'Expression and message',
  ofSpec: 'An expression of the spec',
  ofPlace: (place: string, text: string) => `${place}: ${text}`,
  ofSpecHint: 'Takes it over into the field below.',
  expression: 'Expression',
  expressionHint: 'JSONata, such as body.items[price > 10].',
  message: 'Message',
  messageHint:
    'JSON with method, path, params, query, headers, body, auth and status. What is left out is as in a request without it.',
  notJson: (why: string) => `This is not JSON: ${why}`,
  notAnObject: 'Write an object, such as {"body": {}}.',
  at: (place: string, message: string) => (place === '' ? message : `${place}: ${message}`),
  submit: 'Evaluate',
  result: 'Result',
  value: 'Value',
  noValue: 'The expression has no value.',
  failed: (reason: string) => `Failed: ${reason}`,
}
