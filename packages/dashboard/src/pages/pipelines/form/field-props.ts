import type { JsonSchema } from '@sallyport/sdk/spec-schema'
import type { Path } from '../schema/walk.ts'
import type { FormAccess } from './form-access.ts'

/** What each field of a form gets. */
export interface FieldProps {
  readonly schema: JsonSchema
  readonly value: unknown
  /** Where it stands in the spec. */
  readonly path: Path
  /** What it is called, unless its place says it. */
  readonly label?: string
  readonly isRequired: boolean
  readonly access: FormAccess
}
