import { Menu } from '@mantine/core'
import { Icon } from '../parts/icon.tsx'
import classes from './picker.module.css'

interface PickerProps {
  readonly label: string
  /** What is chosen now. */
  readonly word: string
  readonly choices: readonly { readonly value: string; readonly word: string }[]
  readonly value: string
  readonly onChoose: (value: string) => void
}

/** A choice in the top bar. */
export function Picker({ label, word, choices, value, onChoose }: PickerProps) {
  return (
    <Menu>
      <Menu.Target>
        <button type="button" className={classes.picker} aria-label={label}>
          <span className={classes.word}>{word}</span>
          <Icon small name="choose" />
        </button>
      </Menu.Target>
      <Menu.Dropdown className={classes.menu}>
        {choices.map((choice) => (
          <Menu.Item
            key={choice.value}
            onClick={() => onChoose(choice.value)}
            rightSection={choice.value === value ? <Icon small name="check" /> : undefined}
          >
            {choice.word}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
