import type { MantineColorsTuple } from '@mantine/core'

/*
 * The scales of `tokens.css` as Mantine needs them. A test compares both.
 */

export const PETROL: MantineColorsTuple = [
  '#ebf9fe',
  '#d5f1fb',
  '#b2e2f3',
  '#87cde5',
  '#5ab4d1',
  '#3798b5',
  '#207d98',
  '#10657c',
  '#0a5063',
  '#073947',
]

export const STONE: MantineColorsTuple = [
  '#f7f6f4',
  '#f0efec',
  '#eae8e5',
  '#e1dfdb',
  '#cfcec9',
  '#a8a6a1',
  '#85837d',
  '#65635e',
  '#4c4a46',
  '#2f2e2a',
]
