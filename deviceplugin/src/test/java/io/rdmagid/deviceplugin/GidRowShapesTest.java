package io.rdmagid.deviceplugin;

import static org.assertj.core.api.Assertions.assertThat;

import io.rdmagid.deviceplugin.cluster.AnnotationShape;
import io.rdmagid.deviceplugin.cluster.ResourceShape;
import io.rdmagid.deviceplugin.command.CommandLineShape;
import io.rdmagid.deviceplugin.recording.RecordingShape;
import io.rdmagid.deviceplugin.wire.MessageShape;
import io.rdmagid.gid.Gid;
import io.rdmagid.gid.GidEntry;
import io.rdmagid.gid.GidType;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** A GID row means the same in every shape that it has. A shape that comes is one more here. */
class GidRowShapesTest {
  private static final List<GidRowShape> SHAPES =
      List.of(
          new ResourceShape(),
          new AnnotationShape(),
          new CommandLineShape(),
          new RecordingShape(),
          new MessageShape());

  @Property
  void everyShapeGivesTheRowBack(@ForAll("rows") GidEntry row) {
    for (GidRowShape shape : SHAPES) {
      assertThat(shape.through(row)).as(shape.name()).isEqualTo(shape.carried(row));
    }
  }

  /** Through one shape after the other, as a row goes from a kernel to whoever reads it last. */
  @Property
  void whatASecondShapeMakesOfWhatTheFirstCarriesIsTheSame(
      @ForAll("rows") GidEntry row, @ForAll("shapes") GidRowShape first) {
    GidEntry carried = first.carried(row);
    for (GidRowShape second : SHAPES) {
      assertThat(second.through(first.through(row)))
          .as("%s after %s", second.name(), first.name())
          .isEqualTo(second.carried(carried));
    }
  }

  @Provide
  Arbitrary<GidRowShape> shapes() {
    return Arbitraries.of(SHAPES);
  }

  @Provide
  Arbitrary<GidEntry> rows() {
    Arbitrary<Gid> gids =
        Arbitraries.oneOf(
            gid(0, 0xffff_0000_0000L, 0xffff_ffff_ffffL),
            gid(0xfe80_0000_0000_0000L, Long.MIN_VALUE, Long.MAX_VALUE),
            Combinators.combine(Arbitraries.longs(), Arbitraries.longs())
                .as(Gid::new)
                .filter(gid -> !gid.isZero()));
    Arbitrary<String> names =
        Arbitraries.strings()
            .alpha()
            .numeric()
            .withChars("._-@\"\\")
            .ofMinLength(1)
            .ofMaxLength(15);
    Arbitrary<Integer> indices = Arbitraries.integers().between(0, 65_534);
    Arbitrary<GidEntry> withNetdev =
        Combinators.combine(
                indices,
                gids,
                Arbitraries.of(GidType.class),
                Arbitraries.integers().between(1, Integer.MAX_VALUE),
                names)
            .as(GidEntry::new);
    Arbitrary<GidEntry> without =
        Combinators.combine(indices, gids, Arbitraries.of(GidType.class))
            .as((index, gid, type) -> new GidEntry(index, gid, type, 0, ""));
    return Arbitraries.oneOf(withNetdev, without);
  }

  private static Arbitrary<Gid> gid(long upper, long least, long most) {
    return Arbitraries.longs().between(least, most).map(lower -> new Gid(upper, lower));
  }
}
