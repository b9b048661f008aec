import type { JsonSchema } from '@sallyport/sdk/spec-schema'
import type { Completions, Suggestion } from '../../../parts/code-editor/knowledge.ts'
import { t } from '../../../texts/texts.ts'
import { isLong } from '../spec/spec-text.ts'
import { isStepKind, stepText } from '../spec/step-templates.ts'
import { aboutField, plain, typeWords } from './about.ts'
import { type Spot, spotAt } from './spot.ts'
import { isOneName, schemaAt, typesOf } from './walk.ts'

const INDENT = 2

/** What fits at a place of a text: the names of fields and steps, or the values of a field. */
export function completionsAt(text: string, at: number): Completions | undefined {
  if (isLong(text)) return undefined
  const spot = spotAt(text, at)
  if (spot === undefined) return undefined
  const schema = schemaAt(spot.spec, spot.path)
  if (schema === undefined) return undefined
  const { from, to, isName } = spot
  const options = isName && schema.properties !== undefined ? names(schema, spot) : values(schema, spot)
  return options.length === 0 ? undefined : { from, to, options }
}

function names(schema: JsonSchema, spot: Spot): readonly Suggestion[] {
  const { properties = {}, required = [] } = schema
  if (isOneName(schema)) {
    return spot.others.length > 0
      ? []
      : Object.entries(properties).map(([name, child]) => stepName(name, child, spot))
  }
  return Object.entries(properties)
    .filter(([name]) => !spot.others.includes(name))
    .map(([name, child]) => ({
      label: name,
      detail: required.includes(name) ? t.specEditor.required : typeWords(child),
      about: aboutField(child, required.includes(name)),
      insert: name + valueStart(child, spot),
      goesOn: true,
    }))
}

/** A step as a whole where it stands on lines of its own. */
function stepName(name: string, child: JsonSchema, spot: Spot): Suggestion {
  const isWhole = spot.isLine && !spot.hasColon && isStepKind(name)
  return {
    label: name,
    detail: '',
    about: plain(child.description),
    insert: isWhole ? stepText(name, spot.column) : name + valueStart(child, spot),
    goesOn: !isWhole,
  }
}

/** What follows a name: fields and entries of lists stand on the next line. */
function valueStart(child: JsonSchema, { isLine, hasColon, column }: Spot): string {
  if (hasColon) return ''
  const [type] = typesOf(child)
  if (!isLine) return ': '
  const next = `:\n${' '.repeat(column + INDENT)}`
  if (type === 'object') return next
  return type === 'array' ? `${next}- ` : ': '
}

function values(schema: JsonSchema, { isName, isLine, others, path }: Spot): readonly Suggestion[] {
  // An entry of a list on a line of its own is read as if a colon could follow.
  if (isName && !(isLine && typeof path.at(-1) === 'number')) return []
  const types = typesOf(schema)
  const known = [
    ...(schema.enum?.map(String) ?? []),
    ...(types.includes('boolean') ? ['true', 'false'] : []),
    ...(types.includes('null') ? ['null'] : []),
  ]
  return known
    .filter((value) => !others.includes(value))
    .map((value) => ({
      label: value,
      detail: String(schema.default) === value ? t.specEditor.isDefault : '',
      about: plain(schema.description),
      insert: value,
      goesOn: false,
    }))
}
