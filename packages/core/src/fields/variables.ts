import {
  isVariableName,
  isVariableValue,
  VARIABLE_VALUE_CHARS_MAX,
  variableNameProblem,
} from '../templates/environment-variable.ts'
import { containsSecretToken } from '../keys/key-text.ts'
import { type Branded, type Parsed } from './parsed.ts'

/** The name of an environment's variable, as in `{vars.ORDERS_HOST}`. */
export type VariableName = Branded<string, 'VariableName'>
/** The value of an environment's variable, which a header can carry. */
export type VariableValue = Branded<string, 'VariableValue'>

export function parseVariableName(text: string): Parsed<VariableName> {
  return isVariableName(text)
    ? { ok: true, value: text as VariableName }
    : { ok: false, problem: variableNameProblem(text) }
}

export function parseVariableValue(text: string): Parsed<VariableValue> {
  if (containsSecretToken(text)) {
    return {
      ok: false,
      problem:
        'Do not put the token of a secret key into a variable, which readers, the audit log and its exports show. Store it as a secret of the environment.',
    }
  }
  return isVariableValue(text)
    ? { ok: true, value: text as VariableValue }
    : {
        ok: false,
        problem: `A value has 1 to ${VARIABLE_VALUE_CHARS_MAX} visible ASCII characters; spaces are allowed between them, not at the ends. Write an international host name in its ASCII form, such as xn--bcher-kva.example.`,
      }
}
