import { describe, it } from '@jest/globals';
import { derivedId } from '#kernel';
import { given } from '#kernel/testing';
import { TouchpointRegistered } from './events.js';
import { touchpoint } from './touchpoint.js';

const shop = { touchpointId: derivedId('shop'), name: 'Shop in Main Street', channel: 'IN_PERSON' } as const;

describe('a touchpoint (CID-05)', () => {
  it('is registered', () => given(touchpoint, {}).when('RegisterTouchpoint', shop).then(TouchpointRegistered(shop)));

  it('is registered once', () =>
    given(touchpoint, {}, TouchpointRegistered(shop))
      .when('RegisterTouchpoint', shop)
      .isRefused('touchpoint-exists', 'touchpointId'));
});
