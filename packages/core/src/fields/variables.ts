import {
  isVariableName,
  isVariableValue,
  VARIABLE_VALUE_CHARS_MAX,
  variableNameProblem,
} from '../templates/environment-variable.ts'
import { type Branded, type Parsed, parserOf } from './parsed.ts'

/** The name of an environment's variable, as in `{vars.ORDERS_HOST}`. */
export type VariableName = Branded<string, 'VariableName'>
/** The value of an environment's variable, which a header can carry. */
export type VariableValue = Branded<string, 'VariableValue'>

export function parseVariableName(text: string): Parsed<VariableName> {
  return isVariableName(text)
    ? { ok: true, value: text as VariableName }
    : { ok: false, problem: variableNameProblem(text) }
}

export const parseVariableValue = parserOf<string, 'VariableValue'>(
  isVariableValue,
  `A value has 1 to ${VARIABLE_VALUE_CHARS_MAX} visible ASCII characters; spaces are allowed between them, not at the ends. Write an international host name in its ASCII form, such as xn--bcher-kva.example.`,
)
