package io.rdmagid.gid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.net.InetAddress;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpSubnetTest {
  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/16, ::ffff:10.0.255.255, true",
    "10.0.0.0/16, ::ffff:10.1.0.0, false",
    "10.0.0.5/32, ::ffff:10.0.0.5, true",
    "10.0.0.5/32, ::ffff:10.0.0.4, false",
    "0.0.0.0/0, ::ffff:255.1.2.3, true",
    "0.0.0.0/0, fd00::1, false",
    "fd00::/64, fd00::ffff:ffff:ffff:ffff, true",
    "fd00::/64, fd00:0:0:1::, false",
    "fd00:0:0:1:8000::/65, fd00:0:0:1:8000::1, true",
    "fd00:0:0:1:8000::/65, fd00:0:0:1:7fff::1, false",
    "::/0, fe80::1, true",
    "::/0, ::ffff:10.0.0.5, false",
    "fd00::1/128, fd00::1, true",
    "fd00::1/128, fd00::2, false"
  })
  void contains(String subnet, String gid, boolean contained) {
    assertThat(IpSubnet.parse(subnet).contains(Gid.parse(gid))).isEqualTo(contained);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "10.0.0.0",
        "10.0.0.0/",
        "10.0.0.0/33",
        "10.0.0.0/016",
        "10.0.0.1/16",
        "10.0.0/24",
        "010.0.0.0/8",
        "10.0.0.256/32",
        "fd00::/129",
        "fd00::1/64",
        "fd00::%eth0/64",
        "fd00/64",
        "::ffff:10.0.0.0/112",
        "10.0.0.0/16 ",
        "/16"
      })
  void refusesWhatIsNoSubnet(String text) {
    assertThatThrownBy(() -> IpSubnet.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({"10.0.3.7/16, 10.0.0.0/16", "fd00::1:2/64, fd00::/64"})
  void namesTheSubnetThatAnAddressLiesIn(String text, String right) {
    assertThatThrownBy(() -> IpSubnet.parse(text)).hasMessageContaining(right);
  }

  @Property
  void textRoundTripsAndMembershipIsThatOfTheNumbers(
      @ForAll long high,
      @ForAll long low,
      @ForAll long other,
      @ForAll @IntRange(max = 128) int length,
      @ForAll @IntRange(max = 128) int same) {
    BigInteger base = number(new Gid(high, low)).shiftRight(128 - length).shiftLeft(128 - length);
    BigInteger tail = BigInteger.ONE.shiftLeft(128 - same).subtract(BigInteger.ONE);
    BigInteger near = base.andNot(tail).or(number(new Gid(other, high)).and(tail));
    // A mapped address is of the other family.
    Assume.that(gid(base).family() == IpFamily.IPV6 && gid(near).family() == IpFamily.IPV6);
    IpSubnet subnet = new IpSubnet(gid(base), length);

    assertThat(IpSubnet.parse(subnet.toString())).isEqualTo(subnet);
    assertThat(subnet.contains(gid(near)))
        .isEqualTo(near.shiftRight(128 - length).equals(base.shiftRight(128 - length)));
  }

  @Property
  void ipv4RoundTripsToo(
      @ForAll int address, @ForAll int other, @ForAll @IntRange(max = 32) int length) {
    int mask = length == 0 ? 0 : -1 << (32 - length);
    IpSubnet subnet = new IpSubnet(ipv4(address & mask), length);

    assertThat(IpSubnet.parse(subnet.toString())).isEqualTo(subnet);
    assertThat(subnet.contains(ipv4(other))).isEqualTo((other & mask) == (address & mask));
    assertThat(subnet.contains(ipv4(address))).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "10.1.0.5, 10.1.0.5, 10.1.0.5/32",
    "10.1.0.5, 10.2.0.5, 10.0.0.0/14",
    "10.1.0.5, 192.168.0.1, 0.0.0.0/0",
    "fd00::1, fd00::2, fd00::/126",
    "fd00::1, fd00:0:0:1::1, fd00::/63",
    "fd00::1, fe80::1, fc00::/6"
  })
  void theSmallestRangeOfTwoAddresses(String one, String other, String range) {
    assertThat(
            IpSubnet.of(Gid.of(InetAddress.ofLiteral(one)))
                .with(Gid.of(InetAddress.ofLiteral(other))))
        .hasToString(range);
  }

  @Test
  void noRangeHoldsAddressesOfTwoFamilies() {
    IpSubnet one = IpSubnet.of(Gid.parse("::ffff:10.0.0.5"));

    assertThatThrownBy(() -> one.with(Gid.parse("fd00::1"))).hasMessageContaining("two families");
  }

  private static Gid ipv4(int address) {
    return new Gid(0, 0xffff_0000_0000L | Integer.toUnsignedLong(address));
  }

  private static BigInteger number(Gid gid) {
    return new BigInteger(1, gid.toBytes());
  }

  private static Gid gid(BigInteger number) {
    return new Gid(number.shiftRight(64).longValue(), number.longValue());
  }
}
