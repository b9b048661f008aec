import { z } from 'zod'
import { reference } from '../../contract/fields/names.ts'

/** The names of the parameters in a route's path, such as `organization` in `/v1/organizations/:organization`. */
type ParameterName<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | ParameterName<Rest>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never

/** The values of the parameters in a route's path. */
export type PathInput<Path extends string> = { readonly [Name in ParameterName<Path>]: string }

/** The schema of the parameters in a route's path: each is the name or id of a resource. */
export function pathParameters<Path extends string>(
  path: Path,
): z.ZodObject<Record<ParameterName<Path>, typeof reference>, z.core.$strict> {
  const names = path.split('/').flatMap((segment) => (segment.startsWith(':') ? [segment.slice(1)] : []))
  const shape = Object.fromEntries(names.map((name) => [name, reference]))
  return z.strictObject(shape as Record<ParameterName<Path>, typeof reference>)
}
