import type { JsonSchema } from '@sallyport/sdk/spec-schema'
import type { Help } from '../../../parts/code-editor/knowledge.ts'
import { t } from '../../../texts/texts.ts'
import { isLong } from '../spec/spec-text.ts'
import { fieldAt } from './field-at.ts'
import { childOf, choiceOf, memberOf, schemaAt, typesOf } from './walk.ts'

/** A description of the schema without the marks of Markdown. */
export function plain(description = ''): string {
  return description.replaceAll('`', '')
}

/** What a field takes, such as "a whole number from 1 to 900,000". */
export function typeWords(schema: JsonSchema): string {
  const { enum: known, minimum, maximum } = schema
  if (known !== undefined) return t.specEditor.oneOf(known.map(String))
  return t.specEditor.type(typesOf(schema), minimum, maximum)
}

/** What a field takes, its default, and what it means. */
export function aboutField(schema: JsonSchema, isRequired: boolean): string {
  const { specEditor } = t
  const facts = [
    ...(typesOf(schema).join('') === 'object' ? [] : [typeWords(schema)]),
    ...(isRequired ? [specEditor.required] : []),
    ...(isPlain(schema.default) ? [specEditor.byDefault(String(schema.default))] : []),
  ].filter((fact) => fact !== '')
  return [plain(schema.description), facts.join(specEditor.separator)]
    .filter((part) => part !== '')
    .join('\n')
}

function isPlain(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}

/** What the field at a place of a text means. @param isOn whether the place must be on its name or its value */
export function helpAt(text: string, at: number, isOn: boolean): Help | undefined {
  if (isLong(text)) return undefined
  const found = fieldAt(text, at, isOn)
  if (found === undefined) return undefined
  const { field, spec } = found
  const [above, name] = [field.path.slice(0, -1), field.path.at(-1) ?? '']
  const around = schemaAt(spec, above)
  const whole = around === undefined ? undefined : childOf(around, name)
  if (around === undefined || whole === undefined) return undefined
  let parent = spec
  for (const step of above) parent = memberOf(parent, step)
  const schema = typesOf(whole).length > 1 ? whole : choiceOf(whole, memberOf(parent, name))
  const about = aboutField(schema, around.required?.includes(String(name)) === true)
  return { from: field.from, to: field.to, name: String(name), about }
}
