import { describeLeafStore } from '../../../libs/shared/src/stores/conformance/leaf-store-suite.js';
import { LeafDisk, MemoryLeafStore } from './memory-leaf-store.js';

describeLeafStore("the leaf's store of the simulation", async () => {
  const disk = new LeafDisk();
  return { open: async () => new MemoryLeafStore({ disk }), destroy: async () => undefined };
});
