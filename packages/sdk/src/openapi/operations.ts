import { requirementOf, type Requirement } from './credentials.ts'
import { itemsOf, membersOf, METHODS, pointer, resolved, textOf, type Members } from './document.ts'
import type { ConvertedSchemas } from './converted-schemas.ts'
import { requestRulesOf, type OperationRules } from './request-rules.ts'
import type { OpenApiNote } from './note.ts'
import { mappedPath } from './route-path.ts'

export type Method = Uppercase<(typeof METHODS)[number]>

/** One operation of a document, on a path that a pipeline can have. */
export interface Operation {
  readonly method: Method
  /** The JSON Pointer to it in the document. */
  readonly pointer: string
  readonly requirement: Requirement
  /** The media types of its request body. */
  readonly contentTypes: readonly string[]
  /** What it demands of requests; empty for nothing. */
  readonly rules: OperationRules
}

/** The operations of a document by the path of the pipeline, in the order of the document. */
export type PathOperations = ReadonlyMap<string, readonly Operation[]>

/**
 * Collects the operations of a document, and notes what no pipeline can serve.
 *
 * @param schemas translates those of requests; null to leave them out
 */
export function operationsOf(
  document: Members,
  prefix: string,
  notes: OpenApiNote[],
  schemas: ConvertedSchemas | null,
): PathOperations {
  const paths = new Map<string, Operation[]>()
  const shapes = new Map<string, string>()
  for (const [template, value] of Object.entries(membersOf(document['paths']))) {
    if (!template.startsWith(prefix) || template.startsWith('x-')) continue
    const place = pointer('paths', template)
    const item = resolved(document, value)
    if (item === undefined) {
      notes.push({ path: place, message: 'This path is defined in another file. Bundle the document first.' })
      continue
    }
    const mapped = mappedPath(template)
    if (mapped.problem !== undefined) {
      notes.push({ path: place, message: `${mapped.problem} This path is left out.` })
      continue
    }
    const shape = mapped.path.replaceAll(/\{.*?\}/g, '{}')
    const path = shapes.get(shape) ?? mapped.path
    if (path !== mapped.path) {
      notes.push({
        path: place,
        message: `This path matches the same requests as ${path}. They are one path here.`,
      })
    }
    shapes.set(shape, path)
    for (const [from, to] of mapped.renamed) {
      notes.push({
        path: place,
        message: `The parameter "${from}" is named "${to}" in the path of the pipeline.`,
      })
    }
    noteUnserved(document, item, place, notes)
    const known = paths.get(path) ?? []
    const renamed = renamedTo(path, mapped.path, mapped.renamed)
    const fresh = methodsOf(document, item, place)
      .filter(({ method }) => known.every((operation) => operation.method !== method))
      .map((operation): Operation => {
        if (schemas === null) return { ...operation, rules: {} }
        const method = operation.method.toLowerCase()
        const from = {
          document,
          item,
          operation: membersOf(item[method]),
          method,
          place: operation.pointer,
          renamed,
        }
        return { ...operation, rules: requestRulesOf(from, schemas, notes) }
      })
    if (known.length + fresh.length > 0) paths.set(path, [...known, ...fresh])
  }
  return paths
}

function methodsOf(document: Members, item: Members, place: string): Omit<Operation, 'rules'>[] {
  return METHODS.filter((method) => Object.hasOwn(item, method)).map((method) => {
    const operation = membersOf(item[method])
    const body = resolved(document, operation['requestBody'])
    return {
      method: method.toUpperCase() as Method,
      pointer: `${place}/${method}`,
      requirement: requirementOf(document, operation['security'] ?? document['security']),
      contentTypes: Object.keys(membersOf(body?.['content'])),
    }
  })
}

/** The names of parameters in the pipeline by those in the document, where the path is another one with other names too. */
function renamedTo(
  path: string,
  own: string,
  renamed: readonly (readonly [string, string])[],
): ReadonlyMap<string, string> {
  const names = namesIn(path)
  const before = new Map(renamed.map(([from, to]) => [to, from]))
  return new Map(namesIn(own).map((name, index) => [before.get(name) ?? name, names[index] ?? name]))
}

function namesIn(path: string): readonly string[] {
  return [...path.matchAll(/\{([^{}]*)\}/g)].map(([, name = '']) => name)
}

function noteUnserved(document: Members, item: Members, place: string, notes: OpenApiNote[]): void {
  for (const method of ['trace', 'query', 'additionalOperations']) {
    if (!Object.hasOwn(item, method)) continue
    notes.push({ path: `${place}/${method}`, message: 'Pipelines do not have this method. It is left out.' })
  }
  const own = [item, ...METHODS.map((method) => membersOf(item[method]))]
  const isElsewhere = ({ servers }: Members): boolean =>
    firstServer(servers) !== undefined && firstServer(servers) !== firstServer(document['servers'])
  if (own.some(isElsewhere)) {
    notes.push({
      path: place,
      message: 'This path has servers of its own. The draft sends it to the same upstream as the others.',
    })
  }
}

function firstServer(servers: unknown): string | undefined {
  return textOf(membersOf(itemsOf(servers)[0])['url'])
}
