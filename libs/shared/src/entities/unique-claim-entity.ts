import { Entity } from 'typeorm';
import { Key, Text } from './columns.js';

/** A name that only one id may hold. */
@Entity({ name: 'unique_claim', withoutRowid: true })
export class UniqueClaimEntity {
  @Key() readonly scope!: string;
  @Key() readonly value!: string;
  @Text() readonly holder!: string;
}
